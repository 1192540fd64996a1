"""Narrows a list of the ledger further than its filter: by light, waiting decisions, or month."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta
from tortoise.expressions import Q, RawSQL, Subquery

from models import Observation, Organisation, ReformTask
from models.vocabulary import LedgerState, Light
from server.kernel.clock import SHANGHAI
from server.kernel.set_sql import AnyOf, count_each
from server.kernel.text import receipt_number_in, words_of
from server.kernel.workdays import Calendar
from server.ledger.reading import LedgerFilter, wanted
from server.ledger.status_light import with_light
from server.ledger.to_do import ToDo, waiting_for
from server.people import Actor, Permission, may

Month = Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Kept = Literal["any", "in_time", "late"]
CLOSED_ON = "(ledger_item.closed_at AT TIME ZONE INTERVAL '8:00')::date"


class LedgerView(LedgerFilter, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ledger's filter with search words, a light and a to-do view; the latter two depend on today and the reader.

    Every word of `q` is in an item's title, number, place or unit, or is the receipt number of a report behind it.
    `registered_in` and `closed_in` are months of the office: 2026-11. `kept` selects closed items that had a
    deadline: all of them, those that met it, or those that did not.
    """

    q: Annotated[str, Meta(max_length=60)] = ""
    light: Light | None = None
    todo: ToDo | None = None
    registered_in: Month | None = None
    closed_in: Month | None = None
    kept: Kept | None = None
    official_id: UUID | None = None  # who leads the items' tasks
    registered_until: date | None = None


async def narrowed(view: LedgerView, *, actor: Actor, today: date, calendar: Calendar) -> Q:
    """Return the condition that a view adds to the filter."""
    found = Q()
    for word in words_of(view.q):
        found &= await _naming(word, actor=actor)
    if view.light:
        found &= await with_light(view.light, today=today, calendar=calendar)
    if view.todo:
        found &= waiting_for(actor, view.todo, today=today)
    if view.registered_in:
        first, next_first = _month(view.registered_in)
        found &= Q(registered_at__gte=first, registered_at__lt=next_first)
    if view.closed_in:
        first, next_first = _month(view.closed_in)
        found &= Q(closed_at__gte=first, closed_at__lt=next_first)
    if view.kept:
        found &= _closed(view.kept)
    return found & _led_until(view)


def _led_until(view: LedgerView) -> Q:
    """Return the condition for items of an official's tasks, registered up to a day. Pure."""
    found = Q()
    if view.official_id:
        led = ReformTask.filter(leading_official_id=view.official_id)
        found &= Q(task_id=AnyOf(led.values("id")))
    if view.registered_until:
        after = datetime.combine(view.registered_until + timedelta(days=1), time.min, SHANGHAI)
        found &= Q(registered_at__lt=after)
    return found


async def counts_of(
    actor: Actor, views: Sequence[LedgerView], *, today: date, calendar: Calendar
) -> list[int]:
    """Count the visible items of several views in one statement."""
    return await count_each(
        [
            wanted(actor, view).filter(await narrowed(view, actor=actor, today=today, calendar=calendar))
            for view in views
        ]
    )


async def _naming(word: str, *, actor: Actor) -> Q:
    """Return the condition for items that a word names; receipt numbers count only for people who review reports."""
    found = Q(search_text__contains=word)
    if units := await Organisation.filter(search_text__contains=word).values_list("id", flat=True):
        found |= Q(lead_unit_id__in=units)
    if may(actor.duties, Permission.REVIEW_OBSERVATIONS) and (number := receipt_number_in(word)):
        found |= Q(id__in=Subquery(Observation.filter(receipt_number=number).values("ledger_item_id")))
    return found


def _month(month: str) -> tuple[datetime, datetime]:
    """Return the first instants of an office month and of the next one. Pure."""
    first = date(int(month[:4]), int(month[5:]), 1)
    later = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time.min, SHANGHAI), datetime.combine(later, time.min, SHANGHAI)


def _closed(kept: Kept) -> Q:
    """Return the condition for closed items that had a deadline, by whether they met it."""
    closed = Q(state=LedgerState.CLOSED, closed_at__isnull=False, due_on__isnull=False)
    match kept:
        case "in_time":
            return closed & Q(due_on__gte=RawSQL(CLOSED_ON))
        case "late":
            return closed & Q(due_on__lt=RawSQL(CLOSED_ON))
    return closed
