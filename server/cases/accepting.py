"""Accepting a report from the API or the console: number, unit, the office's words and the released photos at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models import Case, LedgerItem, Observation
from models.vocabulary import CaseState
from server import observations
from server.cases.commands import WithdrawCase
from server.cases.opening import NewCase, check_own_words, open_case, withdraw_case
from server.cases.refusals import NoWordsForUnit, PhotosForNobody
from server.cases.states import TOLD
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger import NewItem
from server.observations import SendOn
from server.observations.refusals import UndoOver
from server.people import Actor

LEAST_WORDS = 5


@unit_of_work
async def accept(
    observation_id: UUID,
    *,
    version: int,
    new: NewItem,
    by: Actor,
    now: datetime,
    send_on: SendOn | None = None,
    released: Sequence[UUID] = (),
    narrow_because: str = "",
) -> LedgerItem:
    """Accept, register and, with `send_on`, dispatch a report; released photos leave with the next daily batch.

    Raises what observations.accept and open_case raise, PhotosForNobody without a unit, NoWordsForUnit without words.
    """
    report = await observations.observation_reviewed_by(by, observation_id)
    check_own_words(new.summary, report.text)
    if released and send_on is None:
        raise PhotosForNobody
    if released and len(new.summary.strip()) < LEAST_WORDS:
        raise NoWordsForUnit
    item = await observations.accept(
        observation_id, version=version, new=new, by=by, now=now, send_on=send_on
    )
    if released:
        told = NewCase(
            new.summary.strip(), seen_on=business_date(report.received_at), picture_ids=list(released)
        )
        await open_case(item.id, new=told, by=by, now=now, narrow_because=narrow_because)
    return item


@unit_of_work
async def undo_acceptance(observation_id: UUID, *, by: Actor, now: datetime) -> Observation:
    """Undo an acceptance within a minute, together with photos that have not left yet; raises UndoOver."""
    report = await observations.observation_reviewed_by(by, observation_id)
    item_id = report.ledger_item_id
    found = await observations.undo_acceptance(observation_id, by=by, now=now)
    if await Observation.filter(ledger_item_id=item_id).exists():
        return found
    if await Case.filter(item_id=item_id, state__in=TOLD).exists():
        raise UndoOver
    for case in await Case.filter(item_id=item_id, state=CaseState.PREPARED):
        await withdraw_case(case.id, WithdrawCase(reason="撤销受理"), by=by, now=now)
    return found
