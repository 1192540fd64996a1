"""Relatives of an item: parents, split-off items and merged ones, as far as the actor may see them."""

from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q

from models import ItemLink, LedgerItem
from server.ledger.reading import visible
from server.people import Actor


@dataclass(frozen=True)
class Relatives:
    """The visible items related to one item, by number."""

    parent: LedgerItem | None
    children: list[LedgerItem]
    merged_into: LedgerItem | None
    merged: list[LedgerItem]
    linked: list[LedgerItem]


async def relatives_of(item: LedgerItem, *, seen_by: Actor) -> Relatives:
    """Return the relatives of an item that an actor may see."""
    around = Q(parent_id=item.id) | Q(merged_into_id=item.id)
    around |= Q(id__in=[one for one in (item.parent_id, item.merged_into_id) if one])
    links = await ItemLink.filter(Q(one_id=item.id) | Q(other_id=item.id)).values_list("one_id", "other_id")
    linked = {one for pair in links for one in pair} - {item.id}
    around |= Q(id__in=linked)
    found = await LedgerItem.filter(visible(seen_by)).filter(around).order_by("number_text")
    by_id: dict[UUID | None, LedgerItem] = {one.id: one for one in found}
    return Relatives(
        parent=by_id.get(item.parent_id),
        children=[one for one in found if one.parent_id == item.id],
        merged_into=by_id.get(item.merged_into_id),
        merged=[one for one in found if one.merged_into_id == item.id],
        linked=[one for one in found if one.id in linked],
    )


async def item_numbered(actor: Actor, number_text: str) -> LedgerItem | None:
    """Return the visible item with this written number; surrounding spaces are ignored."""
    return await LedgerItem.filter(visible(actor), number_text=number_text.strip()).first()
