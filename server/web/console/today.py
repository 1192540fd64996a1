"""What has to be done today: one list of what waits for this person, what is latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q, RawSQL, Subquery

from models import LedgerItem, Letter, Observation
from models.vocabulary import LetterState, Light
from server import ledger, letters, observations
from server.kernel.workdays import Calendar
from server.ledger import LedgerFilter, ToDo
from server.ledger.status_light import with_light
from server.ledger.to_do import waiting_for
from server.letters import Kinds, LetterToDo
from server.people import Actor, Permission, may
from server.web.console.words import promise_left

MOST, OF_A_KIND = 12, 6
ON_ITEMS = """CASE ledger_item.state
  WHEN 'closing' THEN '审核销号' WHEN 'retained' THEN '复核留号' WHEN 'closed' THEN '复核没解决'
  ELSE CASE
    WHEN EXISTS (SELECT FROM extension r WHERE r.item_id = ledger_item.id AND r.state = 'asked') THEN '审核延期'
    WHEN EXISTS (SELECT FROM retention_request r WHERE r.item_id = ledger_item.id AND r.state = 'asked') THEN '审核留号'
    ELSE '催办' END
  END"""
ON_LETTERS = {LetterState.SUBMITTED: "签发函件", LetterState.REPLIED: "审核反馈"}


@dataclass(frozen=True)
class Row:
    """A matter: what it is, the next action and where it is done, and the time left in words with its colour."""

    action: str
    number: str
    title: str
    path: str
    due_on: date | None
    words: str
    colour: str


async def rows_of_today(actor: Actor, *, today: date, known: Calendar, kinds: Kinds) -> list[Row]:
    """Return the matters, those with the earliest deadline first; what waits without one counts as due today."""
    found = [
        *(_report_row(one, today=today, known=known) for one in await _reports(actor)),
        *(_letter_row(one) for one in await _letters(actor, kinds)),
        *(_item_row(one, today=today, known=known) for one in await _items(actor, today=today, known=known)),
    ]
    return sorted(found, key=lambda row: row.due_on or today)[:MOST]


async def _reports(actor: Actor) -> Sequence[Observation]:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    return await observations.queue(actor, limit=OF_A_KIND)


def _report_row(report: Observation, *, today: date, known: Calendar) -> Row:
    words, colour = promise_left(report.promised_on, today=today, calendar=known)
    path = f"/console/review/{report.id}"
    return Row("审核上报", report.receipt_number, report.text, path, report.promised_on, words, colour)


async def _letters(actor: Actor, kinds: Kinds) -> Sequence[Letter]:
    """Return the letters that the actor signs, or whose replies they decide on."""
    if not any(may(actor.duties, one) for one in (Permission.SIGN_LETTERS, Permission.DRAFT_LETTERS)):
        return []
    either = Q(id__isnull=True)
    for what in (LetterToDo.SIGN, LetterToDo.DECIDE):
        either |= Q(id__in=Subquery(letters.waiting_for(actor, what, kinds=kinds).values("id")))
    return await Letter.filter(either).order_by("drafted_at").limit(OF_A_KIND).select_related("item")


def _letter_row(letter: Letter) -> Row:
    title, path = f"{letter.title}：{letter.item.title}", f"/console/letters/{letter.id}"
    return Row(ON_LETTERS[letter.state], letter.item.number_text, title, path, None, "等您办理", "")


async def _items(actor: Actor, *, today: date, known: Calendar) -> Sequence[LedgerItem]:
    """Return the items that wait for the actor's decision, then those that are overdue."""
    if not may(actor.duties, Permission.DECIDE_ITEMS):
        return []
    either = await with_light(Light.RED, today=today, calendar=known)
    for what in ToDo:
        either |= waiting_for(actor, what, today=today)
    items = ledger.wanted(actor, LedgerFilter()).filter(either)
    waits = items.annotate(action=RawSQL(ON_ITEMS), only_late=RawSQL(f"{ON_ITEMS} = '催办'"))
    return await waits.order_by("only_late", "due_on", "id").limit(OF_A_KIND)


def _item_row(item: LedgerItem, *, today: date, known: Calendar) -> Row:
    light = ledger.light_of(item, today=today, calendar=known)
    late = light.light is Light.RED
    words = promise_left(item.due_on, today=today, calendar=known)[0] if item.due_on and late else "等您决定"
    path = f"/console/ledger/{item.id}"
    return Row(
        getattr(item, "action", ""),
        item.number_text,
        item.title,
        path,
        item.due_on,
        words,
        "red" if late else "",
    )
