"""One action on many items: previewed first, then done for all of them or for none (LED-12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import LedgerItem
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import attempt, rehearse, unit_of_work
from server.ledger.offering import action_named
from server.ledger.reading import visible
from server.people import Actor, Permission

MOST = 50
DEADLINE = {"days", "due_on"}


class Row(Struct, frozen=True):
    """An item at the version that was on the screen."""

    item_id: UUID
    version: int


class Order(Struct, frozen=True):
    """An action on many items: the fields of its command for all, and each item's own.

    Common fields override those of a row; a deadline is given in days or as a date.
    """

    code: str
    fields: dict[str, Any]
    each: dict[UUID, dict[str, Any]] = {}


@dataclass(frozen=True)
class Outcome:
    """What would happen to an item: before (None if not found), after, or the refusal."""

    item_id: UUID
    before: LedgerItem | None
    after: LedgerItem | None
    refusal: Refusal | None


class NothingChosen(Refusal):
    """No item was chosen, or more than fit into one batch."""

    status = 422
    message_zh = "请选择1到50条台账。"
    hint_zh = "在列表里勾选要一起办理的台账，再选择要做什么。"


class NotToFind(Refusal):
    """An item of the batch does not exist or is not the actor's to decide; both look the same."""

    status = 404
    message_zh = "找不到这一件。"
    hint_zh = "它可能不归您办理，或者已经不在台账里，请去掉以后再预览。"


class NoUnitChosen(Refusal):
    """A batch uses the units of its rows, and one row has none."""

    status = 422
    message_zh = "这一件还没有选承办单位。"
    hint_zh = "请在这一行里选择承办单位，或者在上面为整批选一个。"


class BatchRefused(Refusal):
    """One item of the batch can't be done, so none was."""

    message_zh = "有台账不能这样办理，这一批一条都没有改动。"
    hint_zh = "请重新预览，去掉不能办理的几条再确认。"


async def items_to_decide(actor: Actor, item_ids: Sequence[UUID]) -> list[LedgerItem]:
    """Return those of the chosen items that the actor may decide, by number; raises NothingChosen."""
    if not 0 < len(item_ids) <= MOST:
        raise NothingChosen
    chosen = LedgerItem.filter(visible(actor, Permission.DECIDE_ITEMS), id__in=item_ids)
    beside = ("lead_unit", "commissioner", "task__lead_unit")
    return await chosen.order_by("year", "series", "number").select_related(*beside)


def not_to_find(found: Sequence[LedgerItem], item_ids: Iterable[UUID]) -> list[UUID]:
    """Return the chosen ids without a visible item, in the order they were chosen. Pure."""
    known = {item.id for item in found}
    return [item_id for item_id in dict.fromkeys(item_ids) if item_id not in known]


async def preview(rows: Sequence[Row], order: Order, *, by: Actor, now: datetime) -> list[Outcome]:
    """Return what would happen to each item, by doing it and rolling it back; nothing is written.

    Items that are missing or not the actor's come last, refused in the same words.
    """
    chosen = [row.item_id for row in rows]
    before = await items_to_decide(by, chosen)
    lost = [Outcome(one, None, None, NotToFind()) for one in not_to_find(before, chosen)]
    versions = {row.item_id: row.version for row in rows}

    async def act() -> list[Outcome]:
        return [await _outcome(one, versions[one.id], order, by=by, now=now) for one in before]

    return await rehearse(act) + lost


@unit_of_work
async def do_all(rows: Sequence[Row], order: Order, *, by: Actor, now: datetime) -> list[LedgerItem]:
    """Do the action on every item; the first refusal leaves all unchanged. Raises BatchRefused, NothingChosen."""
    if not 0 < len(rows) <= MOST:
        raise NothingChosen
    done = []
    for row in rows:
        try:
            done.append(await _do(row.item_id, row.version, order, by=by, now=now))
        except Refusal as refusal:
            raise BatchRefused(refused=str(row.item_id), because=refusal.code()) from refusal
    return done


async def _outcome(before: LedgerItem, version: int, order: Order, *, by: Actor, now: datetime) -> Outcome:
    try:
        after = await attempt(partial(_do, before.id, version, order, by=by, now=now))
    except Refusal as refusal:
        return Outcome(before.id, before, None, refusal)
    await after.fetch_related("lead_unit", "commissioner")
    return Outcome(before.id, before, after, None)


async def _do(item_id: UUID, version: int, order: Order, *, by: Actor, now: datetime) -> LedgerItem:
    action, own = action_named(order.code), order.each.get(item_id, {})
    if DEADLINE & order.fields.keys():
        own = {name: value for name, value in own.items() if name not in DEADLINE}
    said = own | order.fields
    if "unit_id" in action.command.__struct_fields__ and "unit_id" not in said:
        raise NoUnitChosen
    command = msgspec.convert(said | {"version": version}, action.command)
    return (await action.verb(item_id, command, by=by, now=now)).item
