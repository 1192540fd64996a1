"""Reads the ledger: exactly what a person may see of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from tortoise import connections
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import LedgerItem, Organisation, ReformTask, Reminder
from models.vocabulary import DeliveryState, LedgerState, ObservationKind, Scope
from server.kernel.clock import SHANGHAI
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.set_sql import AnyOf, rows_over
from server.people import Actor, Permission, Reach

MOST = 200
YEARS = """
SELECT year
FROM generate_series((SELECT min(year) FROM ledger_item), (SELECT max(year) FROM ledger_item)) AS known(year)
WHERE EXISTS (SELECT FROM ({rows}) AS item WHERE item.year = known.year) ORDER BY year DESC
"""
LEADING = """
SELECT id FROM organisation WHERE EXISTS (SELECT FROM ({rows}) AS item WHERE item.lead_unit_id = organisation.id)
"""


class LedgerFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which items are wanted. `cursor` continues a list.

    `registered_on` is a day of the office (Asia/Shanghai).
    """

    state: LedgerState | None = None
    kind: ObservationKind | None = None
    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    task_id: UUID | None = None
    lead_unit_id: UUID | None = None
    registered_on: date | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 20
    cursor: Annotated[str, Meta(max_length=80)] | None = None


def visible(actor: Actor, permission: Permission = Permission.SEE_LEDGER) -> Q:
    """Return the condition for the items an actor may see, or use `permission` on: the union of all duties' scopes."""
    reaches = actor.reaches(permission)
    if any(reach.scope is Scope.ALL for reach in reaches):
        return Q()
    seen = Q(id__isnull=True)
    for reach in reaches:
        seen |= _within(reach, actor)
    return seen | _told(actor) if permission is Permission.SEE_LEDGER else seen


def _told(actor: Actor) -> Q:
    """Select the items of which somebody was reminded, as the leader of a unit is when nobody acknowledges."""
    told = Reminder.filter(person_id=actor.person.id, subject_kind="ledger_item")
    return Q(id=AnyOf(told.exclude(state=DeliveryState.WITHDRAWN).values("subject_id")))


def _within(reach: Reach, actor: Actor) -> Q:
    if reach.scope in (Scope.SUBTREE, Scope.UNIT) and reach.organisation_id is None:
        return Q(id__isnull=True)  # a duty without a unit reaches nothing, least of all items without a unit
    match reach.scope:
        case Scope.SUBTREE:
            return of_subtree(reach.organisation_path)
        case Scope.UNIT:
            unit = reach.organisation_id
            return Q(lead_unit_id=unit) | Q(organisation_id=unit)
        case Scope.ASSIGNED:
            us = actor.acts_for
            named = ReformTask.filter(Q(leading_official_id__in=us) | Q(commissioners__id__in=us))
            return Q(task_id=AnyOf(named.values("id"))) | Q(commissioner_id__in=us)
        case _:
            return Q(id__isnull=True)


def of_subtree(path: str | None) -> Q:
    """Return the condition for items that an organisation under a path registered or leads. Pure."""
    under = Organisation.filter(path__startswith=path).values("id")
    return Q(organisation_id=AnyOf(under)) | Q(lead_unit_id=AnyOf(under))


def wanted(actor: Actor, by: LedgerFilter) -> QuerySet[LedgerItem]:
    """Return the query for a filter's visible items, newest number first, not yet cut to a page."""
    items = LedgerItem.filter(visible(actor))
    for name in ("state", "kind", "year", "task_id", "lead_unit_id"):
        value = getattr(by, name)
        if value is not None:
            items = items.filter(**{name: value})
    if by.registered_on:
        start = datetime.combine(by.registered_on, time.min, SHANGHAI)
        items = items.filter(registered_at__gte=start, registered_at__lt=start + timedelta(days=1))
    return items


async def item_seen_by(
    actor: Actor, item_id: UUID, *, permission: Permission = Permission.SEE_LEDGER
) -> LedgerItem:
    """Return one item that this actor may see, or use `permission` on; NoSuchThing for foreign and missing alike."""
    item = await (
        LedgerItem.filter(visible(actor, permission), id=item_id)
        .select_related("organisation", "lead_unit", "task", "registered_by")
        .first()
    )
    if item is None:
        raise NoSuchThing
    return item


async def sees_item(actor: Actor, item_id: UUID) -> bool:
    """Whether the actor may see an item."""
    return await LedgerItem.filter(visible(actor), id=item_id).exists()


async def page_of(
    actor: Actor, by: LedgerFilter, *, also: Q | None = None, only: Sequence[str] = ()
) -> tuple[list[LedgerItem], str | None]:
    """Return a page of visible items and the cursor of the next one, by keyset on (registered_at, id).

    The cursor is the id of the last item, so it doesn't reveal when that was registered. Raises BadCursor.
    `also` narrows the list by conditions that no filter has: a light of today, or what waits for the reader.
    `only` names the fields that are read, those of the unit and the task among them; all if it is empty.
    """
    items = _narrowed(actor, by, also).order_by("-registered_at", "-id").select_related("lead_unit", "task")
    if by.cursor:
        items = items.filter(await _behind(actor, by.cursor))
    items = items.only(*only) if only else items
    found = await items.limit(by.limit + 1)
    if len(found) <= by.limit:
        return found, None
    return found[: by.limit], str(found[by.limit - 1].id)


async def count_of(actor: Actor, by: LedgerFilter, *, also: Q | None = None) -> int:
    """Count the visible items of a filter, for the same list."""
    return await _narrowed(actor, by, also).count()


def _narrowed(actor: Actor, by: LedgerFilter, also: Q | None) -> QuerySet[LedgerItem]:
    items = wanted(actor, by)
    return items.filter(also) if also is not None else items


async def years(actor: Actor) -> list[int]:
    """Return the years in which visible items were registered, newest first."""
    return [row["year"] for row in await rows_over(LedgerItem.filter(visible(actor)).values("year"), YEARS)]


async def numbers_of(item_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of items, for people who may read the journal."""
    pairs = await LedgerItem.filter(id__in=set(item_ids)).values_list("id", "number_text")
    return {item_id: str(number) for item_id, number in pairs}


async def lead_units(actor: Actor) -> list[Organisation]:
    """Return the units that lead a visible item, in the office's order."""
    found = await rows_over(LedgerItem.filter(visible(actor)).values("lead_unit_id"), LEADING)
    return await Organisation.filter(id__in=[row["id"] for row in found]).order_by("sort_order", "code")


class BadCursor(Refusal):
    """The cursor is not one that we issued."""

    status = 422
    message_zh = "翻页位置无效。"
    hint_zh = "请回到第一页重新翻。"


async def _behind(actor: Actor, cursor: str) -> Q:
    """Return the condition for items after the cursor's item, if the actor may see it; raises BadCursor."""
    try:
        last = await LedgerItem.filter(visible(actor), id=UUID(cursor)).get_or_none()
    except ValueError as error:
        raise BadCursor from error
    if last is None:
        raise BadCursor
    at = last.registered_at
    return Q(registered_at__lte=at) & (Q(registered_at__lt=at) | Q(id__lt=last.id))


# Other books use this table too: a series belongs to the ledger if its organisation issues it or items bear it.
GAPS = """
SELECT s.organisation_id, s.series, s.year, s.last_number, count(i.id) AS given, max(i.number) AS highest
FROM number_series s JOIN organisation o ON o.id = s.organisation_id LEFT JOIN ledger_item i
  ON i.organisation_id = s.organisation_id AND i.series = s.series AND i.year = s.year
WHERE s.series = o.series OR i.id IS NOT NULL
GROUP BY s.id HAVING count(i.id) <> s.last_number OR max(i.number) <> s.last_number
"""


async def broken_series() -> list[dict[str, Any]]:
    """Return the number series with a gap or a duplicate; empty when every number is accounted for (LED-03)."""
    found: list[dict[str, Any]] = await connections.get("default").execute_query_dict(GAPS)
    return found
