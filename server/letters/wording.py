"""The words of a letter: the template or the pack's own words, filled with the item's facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models import LedgerItem
from server import ledger, templates
from server.kernel.calendars import calendar
from server.kernel.workdays import say
from server.packs import LetterKind

LONGEST_TITLE = 120
REPLY_BY = "{反馈期限}"  # stays in a draft: the sign-off fills it


@dataclass(frozen=True)
class Filled:
    """Title and body in the words for one item, and the version of the template they come from."""

    title: str
    body: str
    template_version: int


async def filled(kind: LetterKind, item: LedgerItem, *, today: date) -> Filled:
    """Return a kind's words filled with the facts of an item, whose lead unit is loaded; {反馈期限} stays open."""
    facts = await _facts(item, today=today)
    if kind.template is None:
        title, body = (
            templates.fill_blanks(templates.OF_LETTERS, one, facts) for one in (kind.title, kind.body)
        )
        return Filled(title[:LONGEST_TITLE], body.strip(), 1)
    wording = await templates.wording_of(kind.template)
    title, body = (templates.fill(kind.template, one, facts) for one in (wording.title, wording.body))
    return Filled(title[:LONGEST_TITLE], body, wording.version)


def with_deadline(text: str, day: date | None, *, instead: str = "") -> str:
    """Return the words with the day until which the unit replies, or `instead` of one. Pure."""
    return text.replace(REPLY_BY, in_words(day) if day else instead)


def in_words(day: date) -> str:
    """Return a day as letters write it: 2026年12月7日, without leading zeros. Pure."""
    return f"{day.year}年{day.month}月{day.day}日"


async def _facts(item: LedgerItem, *, today: date) -> dict[str, Any]:
    """Return the facts a letter may state about an item: the office's own words, and nothing about reporters."""
    status = ledger.light_of(item, today=today, calendar=await calendar())
    return {
        "number": item.number_text,
        "title": item.title,
        "unit": item.lead_unit.name if item.lead_unit else "",
        "summary": (item.summary or item.title).strip().rstrip("。"),
        "due_on": in_words(item.due_on) if item.due_on else "",
        "percent": f"{item.percent}%",
        "extension": ledger.extension_words(item, today=today),
        "clock": _clock(status.because, item),
        "reply_by": REPLY_BY,
    }


def _clock(because: str, item: LedgerItem) -> str:
    """Return why a light is lit, without the deadline and the percentage that the letter states itself. Pure."""
    stated = [f"期限{say(item.due_on)}，" if item.due_on else "", f"实际{item.percent}%，"]
    for words in filter(None, stated):
        because = because.replace(words, "")
    return because.rstrip("。")
