"""Reviewing: the office accepts and registers, asks for more, or declines with a reason of the catalogue."""

from datetime import datetime
from uuid import UUID

from models import LedgerItem, Observation, Person, Reason
from models.vocabulary import Datum, ReasonUse
from models.vocabulary import ObservationState as S
from server import journal, ledger
from server.ledger import NewItem
from server.observations.reading import observation_reviewed_by
from server.observations.refusals import AlreadyDecided, NoSuchReason, OwnReport, Stale
from server.people import Visitor
from server.places import Position
from server.work import deed

OPEN = (S.WAITING_MEDIA, S.RECEIVED, S.MORE_ASKED)


@deed
async def accept(
    observation_id: UUID, *, version: int, new: NewItem, by: Visitor, now: datetime
) -> LedgerItem:
    """Accept an observation and register it at once: its number comes in this same transaction (M09 AT1)."""
    observation = await _take(observation_id, version=version, by=by)
    item = await ledger.register(
        new, office=await observation.office, at=_position(observation), by=by.person, now=now
    )
    observation.ledger_item_id = item.id
    if new.task_id:
        observation.task_id = new.task_id
    await _decide(observation, S.REGISTERED, reply="", by=by.person, now=now, number=item.number_text)
    return item


@deed
async def ask_more(
    observation_id: UUID, *, version: int, reason: str, words: str = "", by: Visitor, now: datetime
) -> Observation:
    """Ask the reporter for what is missing; the same report stays open."""
    observation = await _take(observation_id, version=version, by=by)
    reply = await _worded(reason, words, use=ReasonUse.ASK_MORE)
    return await _decide(observation, S.MORE_ASKED, reply=reply, by=by.person, now=now, reason=reason)


@deed
async def decline(
    observation_id: UUID, *, version: int, reason: str, words: str = "", by: Visitor, now: datetime
) -> Observation:
    """Decline with a reason that tells the reporter what would make it acceptable (REV-05)."""
    observation = await _take(observation_id, version=version, by=by)
    reply = await _worded(reason, words, use=ReasonUse.DECLINE)
    return await _decide(observation, S.DECLINED, reply=reply, by=by.person, now=now, reason=reason)


async def _take(observation_id: UUID, *, version: int, by: Visitor) -> Observation:
    """The observation, locked and still open at the version the reviewer saw."""
    await observation_reviewed_by(by, observation_id)
    observation = await Observation.select_for_update().get(id=observation_id)
    if observation.reporter_id == by.person.id:
        raise OwnReport
    if observation.state not in OPEN:
        raise AlreadyDecided(state=observation.state, legal=[])
    if observation.version != version:
        raise Stale(version=observation.version)
    return observation


async def _decide(
    observation: Observation, state: S, *, reply: str, by: Person, now: datetime, **detail: str
) -> Observation:
    observation.state, observation.reply, observation.decided_at = state, reply, now
    observation.version += 1
    await observation.save()
    await journal.record(f"observation.{state.value}", observation, by=by, **detail)
    return observation


async def _worded(code: str, words: str, *, use: ReasonUse) -> str:
    reason = await Reason.get_or_none(code=code, use=use, is_active=True)
    if reason is None:
        raise NoSuchReason
    return f"{reason.text}\n{words.strip()}".strip()


def _position(observation: Observation) -> Position | None:
    if observation.wgs_latitude is None or observation.wgs_longitude is None:
        return None
    return Position(observation.wgs_latitude, observation.wgs_longitude, Datum.WGS84)
