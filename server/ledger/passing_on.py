"""Passes one commissioner's items to another, as part of a hand-over of all their work (M04)."""

from uuid import UUID

from models import LedgerItem, Person
from server import reminders
from server.kernel.unit_of_work import unit_of_work
from server.ledger.states import ENDED, MACHINE

UNDER_WAY = [state for state in MACHINE.table if state not in ENDED]


async def items_answered_for(person_id: UUID) -> list[LedgerItem]:
    """Return the open items that a person answers for, by deadline, each with its unit."""
    found = LedgerItem.filter(commissioner_id=person_id, state__in=UNDER_WAY).select_related("lead_unit")
    return await found.order_by("due_on", "number_text")


async def count_open_of_unit(organisation_id: UUID) -> int:
    """Count the open items that the organisation works on as a unit or oversees as an office."""
    open_items = LedgerItem.filter(state__in=UNDER_WAY)
    return (
        await open_items.filter(lead_unit_id=organisation_id).count()
        + await open_items.filter(organisation_id=organisation_id).count()
    )


@unit_of_work
async def pass_on_items(person: Person, *, to: Person) -> list[str]:
    """Make another commissioner answer for a person's open items and be reminded of them; return their numbers.

    The items' versions increase, so that anyone acting on the former state has to look again.
    """
    items = await LedgerItem.filter(commissioner_id=person.id, state__in=UNDER_WAY).select_for_update()
    for item in sorted(items, key=lambda one: one.number_text):
        item.commissioner_id = to.id
        item.version += 1
        await item.save(update_fields=["commissioner_id", "version"])
    await reminders.move([item.id for item in items], to=to.id, away_from=person.id)
    return sorted(item.number_text for item in items)
