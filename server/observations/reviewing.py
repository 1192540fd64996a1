"""Reviewing a report: the office accepts and registers it, asks for more, or declines it with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models import LedgerItem, Observation, Person, Reason, ReformTask, ThreadMessage
from models.vocabulary import Datum, LedgerState, ReasonUse
from models.vocabulary import ObservationState as S
from server import journal, ledger, policies, reporters
from server.kernel.places import Position
from server.kernel.unit_of_work import unit_of_work
from server.ledger import NewItem
from server.ledger.commands import Dispatch
from server.observations.claiming import check_claim
from server.observations.reading import OPEN, observation_reviewed_by
from server.observations.refusals import (
    AlreadyDecided,
    NoSuchReason,
    NoSuchTask,
    OwnReport,
    SecondPairOfEyes,
    Stale,
    UndoOver,
)
from server.people import Actor

UNDO_WITHIN = timedelta(seconds=60)
MOST_UNDOABLE = 3


@dataclass(frozen=True)
class SendOn:
    """Where an accepted item is dispatched at once: the unit and its number of working days."""

    unit_id: UUID
    days: int | None = None
    commissioner_id: UUID | None = None


@unit_of_work
async def accept(
    observation_id: UUID,
    *,
    version: int,
    new: NewItem,
    by: Actor,
    now: datetime,
    send_on: SendOn | None = None,
) -> LedgerItem:
    """Accept an observation and register it; its number is assigned in the same transaction (M09 AT1).

    With `send_on` the item is also dispatched (REV-02). Raises NoSuchTask for an unknown task.
    """
    observation = await take(observation_id, version=version, by=by, now=now)
    if new.task_id and not await ReformTask.exists(id=new.task_id):
        raise NoSuchTask
    new = msgspec.structs.replace(new, category=new.category or observation.category)
    item = await ledger.register(
        new, office=await observation.office, at=_position(observation), by=by.person, now=now
    )
    await adopt(observation, item, by=by, now=now, task_id=new.task_id)
    if send_on is None:
        return item
    command = Dispatch(
        version=item.version,
        unit_id=send_on.unit_id,
        commissioner_id=send_on.commissioner_id,
        days=send_on.days,
    )
    return (await ledger.dispatch(item.id, command, by=by, now=now)).item


@unit_of_work
async def join(observation_id: UUID, *, version: int, item_id: UUID, by: Actor, now: datetime) -> LedgerItem:
    """Accept an observation as further evidence for an item that already has a number (REV-02, merge)."""
    observation = await take(observation_id, version=version, by=by, now=now)
    item = await ledger.item_seen_by(by, item_id)
    if item.state in (LedgerState.MERGED, LedgerState.VOIDED):
        raise AlreadyDecided("要并入的事项已作废或已并号。", state=item.state, legal=[])
    await adopt(observation, item, by=by, now=now)
    return item


@unit_of_work
async def undo_acceptance(observation_id: UUID, *, by: Actor, now: datetime) -> Observation:
    """Undo an acceptance within a minute: the item is voided, its number stays used, and the report is open again."""
    await observation_reviewed_by(by, observation_id)
    observation = await Observation.select_for_update().get(id=observation_id)
    item = await LedgerItem.get_or_none(id=observation.ledger_item_id)
    if (
        observation.state is not S.REGISTERED
        or item is None
        or not _can_undo(observation, item, by=by, now=now)
    ):
        raise UndoOver
    others = await Observation.filter(ledger_item_id=item.id).exclude(id=observation.id).exists()
    if not others:
        await ledger.take_back(item.id, version=item.version, by=by)
    observation.ledger_item_id, observation.decided_at = None, None
    return await _decide(observation, S.RECEIVED, event="acceptance_undone", reply="", by=by.person, now=None)


async def undoable(by: Actor, *, now: datetime) -> list[Observation]:
    """Return the reports the actor accepted recently and may still undo, newest first, with their items."""
    fresh = Observation.filter(
        state=S.REGISTERED, decided_at__gte=now - UNDO_WITHIN, ledger_item__registered_by_id=by.person.id
    )
    found = await fresh.order_by("-decided_at").limit(MOST_UNDOABLE).select_related("ledger_item")
    return [one for one in found if one.ledger_item and _can_undo(one, one.ledger_item, by=by, now=now)]


@unit_of_work
async def ask_more(
    observation_id: UUID, *, version: int, reason: str, words: str = "", by: Actor, now: datetime
) -> Observation:
    """Ask the reporter for missing information; the report stays open."""
    observation = await take(observation_id, version=version, by=by, now=now)
    reply = await _worded(reason, words, use=ReasonUse.ASK_MORE)
    await ThreadMessage.create(
        observation=observation, from_office=True, by=by.person, text=reply, sent_at=now
    )
    return await _decide(observation, S.MORE_ASKED, reply=reply, by=by.person, now=now, reason=reason)


@unit_of_work
async def decline(
    observation_id: UUID, *, version: int, reason: str, words: str = "", by: Actor, now: datetime
) -> Observation:
    """Decline a report with a reason that tells the reporter what would make it acceptable (REV-05).

    Declining some people's reports takes two people: the first call proposes it, another person's confirms it (REV-04).
    """
    observation = await take(observation_id, version=version, by=by, now=now)
    reply = await _worded(reason, words, use=ReasonUse.DECLINE)
    if observation.reporter_role in (await policies.in_force()).four_eyes.decline_from:
        if observation.decline_asked_by_id is None:
            return await _propose_decline(observation, by=by, reason=reason)
        if observation.decline_asked_by_id == by.person.id:
            raise SecondPairOfEyes
    return await _decide(observation, S.DECLINED, reply=reply, by=by.person, now=now, reason=reason)


async def take(observation_id: UUID, *, version: int, by: Actor, now: datetime) -> Observation:
    """Return the observation, locked, if it is open, unclaimed by others and at the version the reviewer saw."""
    await observation_reviewed_by(by, observation_id)
    observation = await Observation.select_for_update().get(id=observation_id)
    if await reporters.sent_by(by.person.id, observation.id):
        raise OwnReport
    if observation.state not in OPEN:
        raise AlreadyDecided(state=observation.state, legal=[])
    if observation.version != version:
        raise Stale(version=observation.version)
    await check_claim(observation, by=by, now=now)
    return observation


async def adopt(
    observation: Observation, item: LedgerItem, *, by: Actor, now: datetime, task_id: UUID | None = None
) -> None:
    """Link an observation to its item."""
    observation.ledger_item_id = item.id
    observation.task_id = task_id or observation.task_id
    await _decide(observation, S.REGISTERED, reply="", by=by.person, now=now, number=item.number_text)


async def _decide(
    observation: Observation,
    state: S,
    *,
    reply: str,
    by: Person,
    now: datetime | None,
    event: str = "",
    **detail: str,
) -> Observation:
    observation.state, observation.reply, observation.decided_at = state, reply, now
    observation.reporter_wrote_at = None  # the decision answers the reporter's message
    observation.claimed_by_id, observation.claimed_until = None, None
    observation.version += 1
    await observation.save()
    await journal.record(f"observation.{event or state.value}", observation, by=by, **detail)
    return observation


async def _propose_decline(observation: Observation, *, by: Actor, reason: str) -> Observation:
    observation.decline_asked_by_id = by.person.id
    observation.claimed_by_id, observation.claimed_until = None, None
    observation.version += 1
    await observation.save()
    await journal.record("observation.decline_proposed", observation, by=by.person, reason=reason)
    return observation


def _can_undo(observation: Observation, item: LedgerItem, *, by: Actor, now: datetime) -> bool:
    fresh = observation.decided_at is not None and now - observation.decided_at <= UNDO_WITHIN
    untouched = item.state in (LedgerState.REGISTERED, LedgerState.DISPATCHED)
    return fresh and untouched and item.registered_by_id == by.person.id


async def _worded(code: str, words: str, *, use: ReasonUse) -> str:
    reason = await Reason.get_or_none(code=code, use=use, is_active=True)
    if reason is None:
        raise NoSuchReason
    return f"{reason.text}\n{words.strip()}".strip()


def _position(observation: Observation) -> Position | None:
    if observation.wgs_latitude is None or observation.wgs_longitude is None:
        return None
    return Position(observation.wgs_latitude, observation.wgs_longitude, Datum.WGS84)
