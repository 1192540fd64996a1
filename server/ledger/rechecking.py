"""The re-check: the reporter of a matter says whether it is solved; "没解决" reopens the item (LED-08)."""

from datetime import date, datetime
from uuid import UUID

from models import LedgerItem, Recheck
from models.vocabulary import LedgerState, RecheckAnswer
from server import journal
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.ledger.refusals import RecheckNeedsWords, RecheckOver

ANSWER_DAYS = 10


@unit_of_work
async def ask_recheck(item: LedgerItem, *, observation_id: UUID, now: datetime) -> None:
    """Ask the reporter of an observation, once per round; safe to repeat."""
    until = (await calendar()).due(business_date(now), ANSWER_DAYS)
    question = Recheck(
        item_id=item.id, observation_id=observation_id, round=item.round, until_on=until.on, asked_at=now
    )
    await Recheck.bulk_create([question], ignore_conflicts=True)


async def recheck_of(observation_id: UUID) -> Recheck | None:
    """Return the latest question to an observation's reporter, with the item and its unit; None if there is none."""
    asked = Recheck.filter(observation_id=observation_id).order_by("-round")
    return await asked.select_related("item__lead_unit").first()


def recheck_is_open(asked: Recheck, *, on: date) -> bool:
    """Whether the question may still be answered."""
    return asked.answer is None and on <= asked.until_on


@unit_of_work
async def answer_recheck(observation_id: UUID, *, answer: RecheckAnswer, text: str, now: datetime) -> Recheck:
    """Record the reporter's answer; repeating it changes nothing, and an unsolved matter reopens the item.

    The caller has checked that the observation is the reporter's own. Raises RecheckOver, RecheckNeedsWords.
    """
    asked = await Recheck.filter(observation_id=observation_id).order_by("-round").first()
    if asked is None:
        raise NoSuchThing
    item = await LedgerItem.select_for_update().get(id=asked.item_id)
    asked = await Recheck.select_for_update().get(id=asked.id)
    if asked.answer is answer:
        return asked
    if not recheck_is_open(asked, on=business_date(now)):
        raise RecheckOver
    if answer is RecheckAnswer.UNSOLVED and not text.strip():
        raise RecheckNeedsWords
    asked.answer, asked.text, asked.answered_at = answer, text, now
    await asked.save()
    if answer is RecheckAnswer.UNSOLVED and item.state is LedgerState.CLOSED and item.round == asked.round:
        item.needs_review_since = now
        await item.save(update_fields=["needs_review_since"])
    await journal.record(f"ledger_item.recheck_{answer.value}", item, by=None)
    return asked
