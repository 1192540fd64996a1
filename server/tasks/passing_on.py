"""Passing on a person's tasks of the year, so that none is left without commissioner or official (M03, M04)."""

from datetime import date
from uuid import UUID

from models import Person, ReformTask
from server.kernel.unit_of_work import unit_of_work


async def tasks_answered_for(person_id: UUID) -> list[ReformTask]:
    """Return the tasks in force that have a person as a commissioner."""
    return await ReformTask.filter(commissioners__id=person_id, is_current=True).order_by("year", "code")


async def tasks_led_by(person_id: UUID) -> list[ReformTask]:
    """Return the tasks in force that a person leads."""
    return await ReformTask.filter(leading_official_id=person_id, is_current=True).order_by("year", "code")


async def count_tasks_of_unit(organisation_id: UUID, *, on: date) -> int:
    """Return how many tasks in force a unit leads or supports this year or later."""
    in_force = ReformTask.filter(is_current=True, year__gte=on.year)
    led = await in_force.filter(lead_unit_id=organisation_id).count()
    return led + await in_force.filter(supporting_units__id=organisation_id).count()


@unit_of_work
async def pass_on_tasks(person: Person, *, to: Person) -> list[str]:
    """Replace a person by another on every task in force; returns the codes of those tasks."""
    answered, led = await tasks_answered_for(person.id), await tasks_led_by(person.id)
    for task in answered:
        await task.commissioners.add(to)  # adding a person who is already there changes nothing
        await task.commissioners.remove(person)
    for task in led:
        task.leading_official = to
        await task.save(update_fields=["leading_official_id"])
    return sorted({task.code for task in [*answered, *led]})
