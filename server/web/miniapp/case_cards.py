"""Cases as units see them; nothing here depends on who reported, or on their location, phone or exact time."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from models import Case, CaseAnswer
from models.vocabulary import CaseState
from server.kernel.clock import business_date
from server.web.miniapp.cards import PhotoLink


class CaseLine(Struct):
    """A case in a unit's list."""

    id: UUID
    ledger_item_id: UUID
    ledger_number: str
    title: str
    place_name: str
    seen: str
    released_on: date | None
    is_answered: bool


class CaseAnswerLine(Struct):
    """An answer from the unit and its date."""

    text: str
    answered_on: date


class CaseCard(Struct):
    """A case: the office's words and the pictures it released."""

    id: UUID
    ledger_item_id: UUID
    ledger_number: str
    title: str
    summary: str
    place_name: str
    seen: str
    released_on: date | None
    is_answered: bool
    pictures: list[list[PhotoLink]]
    answers: list[CaseAnswerLine]
    reported_by: list[str]  # reporters who chose to be named; nobody else is


class CasePage(Struct):
    """A page of cases; pass `cursor` to get the next one."""

    items: list[CaseLine]
    cursor: UUID | None


def seen_words(case: Case) -> str:
    """Return when it was seen, as precisely as the office chose: 2026年11月22日上午."""
    day = case.seen_on
    part = "" if case.seen_part == "day" else case.seen_part.label
    return f"{day.year}年{day.month}月{day.day}日{part}"


def case_line(case: Case) -> CaseLine:
    """Return a case as a line of the list; its item must be loaded."""
    return CaseLine(
        id=case.id,
        ledger_item_id=case.item_id,
        ledger_number=case.item.number_text,
        title=case.item.title,
        place_name=case.place_name,
        seen=seen_words(case),
        released_on=case.released_on,
        is_answered=case.state is not CaseState.RELEASED,
    )


def case_card(
    case: Case, *, pictures: list[list[PhotoLink]], answers: list[CaseAnswer], reported_by: list[str]
) -> CaseCard:
    """Return a case in full; its item must be loaded."""
    return CaseCard(
        id=case.id,
        ledger_item_id=case.item_id,
        ledger_number=case.item.number_text,
        title=case.item.title,
        summary=case.summary,
        place_name=case.place_name,
        seen=seen_words(case),
        released_on=case.released_on,
        is_answered=case.state is not CaseState.RELEASED,
        pictures=pictures,
        answers=[CaseAnswerLine(one.text, business_date(one.answered_at)) for one in answers],
        reported_by=reported_by,
    )
