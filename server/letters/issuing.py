"""Issuing letters, each with its number; the same occasion returns the same letter again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import LedgerItem, Letter
from models.vocabulary import LedgerState as S
from models.vocabulary import TemplatePurpose as P
from server import journal, ledger, templates
from server.kernel import numbering
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.numbering import NoSeries
from server.letters.refusals import NoLetterNow
from server.people import Actor, Permission

WITH_A_UNIT = (S.DISPATCHED, S.IN_PROGRESS)
WHEN = {P.DISPATCH_LETTER: (*WITH_A_UNIT, S.CLOSING, S.RETAINED), P.URGING_LETTER: WITH_A_UNIT}
MARK = {P.DISPATCH_LETTER: "交", P.URGING_LETTER: "催"}  # follows the office's own code


@unit_of_work
async def issue_letter(item_id: UUID, *, purpose: P, by: Actor, now: datetime) -> Letter:
    """Issue a letter about an item to its unit, with the office's next number of the year.

    There is one 交办单 per dispatch of an item and one 催办函 a day; repeating the request returns the same letter.
    Raises NoSuchThing, NoLetterNow, NoSeries.
    """
    await ledger.item_seen_by(by, item_id, permission=Permission.DECIDE_ITEMS)
    item = await LedgerItem.select_for_update().get(id=item_id)
    if purpose not in letters_open_to(item):
        raise NoLetterNow
    occasion = _occasion(item, purpose, today=business_date(now))
    found = await Letter.get_or_none(item_id=item.id, purpose=purpose, occasion=occasion)
    if found:
        return found
    letter = await _write(item, purpose, occasion=occasion, by=by, now=now)
    told = {"letter": purpose.label, "number": letter.number_text}
    await journal.record("ledger_item.letter_issued", item, by=by.person, **told)
    return letter


def letters_open_to(item: LedgerItem) -> list[P]:
    """Return the letters that can be issued about an item in its current state. Pure."""
    return [purpose for purpose, states in WHEN.items() if item.state in states and item.lead_unit_id]


def _occasion(item: LedgerItem, purpose: P, *, today: date) -> str:
    if purpose is P.URGING_LETTER:
        return f"{item.round}:{item.lead_unit_id}:{today.isoformat()}"
    sent = int(item.dispatched_at.timestamp()) if item.dispatched_at else 0
    return f"{item.round}:{item.lead_unit_id}:{sent}"


async def _write(item: LedgerItem, purpose: P, *, occasion: str, by: Actor, now: datetime) -> Letter:
    await item.fetch_related("organisation", "lead_unit")
    office, unit, today = item.organisation, item.lead_unit, business_date(now)
    if not office.series:
        raise NoSeries
    wording, facts = await templates.wording_of(purpose), await _facts(item, today=today)
    number = await numbering.next_number(office.id, series=purpose.label, year=today.year)
    return await Letter.create(
        item=item,
        purpose=purpose,
        occasion=occasion,
        issuer=office,
        series=purpose.label,
        year=today.year,
        number=number,
        number_text=f"{office.series}{MARK[purpose]}〔{today.year}〕{number}号",
        issuer_name=office.name,
        addressee=unit.name if unit else "",
        title=templates.fill(purpose, wording.title, facts)[:120],
        body=templates.fill(purpose, wording.body, facts),
        template_version=wording.version,
        issued_on=today,
        issued_at=now,
        issued_by=by.person,
    )


async def _facts(item: LedgerItem, *, today: date) -> dict[str, Any]:
    """Return the facts a letter may state about an item: the office's own words, and nothing about reporters."""
    status = ledger.light_of(item, today=today, calendar=await calendar())
    due = item.due_on
    return {
        "number": item.number_text,
        "title": item.title,
        "unit": item.lead_unit.name if item.lead_unit else "",
        "summary": (item.summary or item.title).strip().rstrip("。"),
        "due_on": f"{due.year}年{due.month}月{due.day}日" if due else "",
        "percent": f"{item.percent}%",
        "extension": ledger.extension_words(item, today=today),
        "clock": status.because.rstrip("。"),
    }
