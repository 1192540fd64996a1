"""Whom a reminder reaches: the people of its matter, and who stands in for those on leave."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from models import Duty, Substitution
from models.vocabulary import Recipient, Role

Holders = Mapping[UUID | None, tuple[UUID, ...]]


async def holders_of(role: Role, units: Collection[UUID], *, on: date) -> Holders:
    """Return the active people who hold a role on a day, by the unit they belong to."""
    held = Duty.filter(role=role, since_on__lte=on, person__is_active=True)
    held = held.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), person__organisation_id__in=set(units))
    found: dict[UUID | None, tuple[UUID, ...]] = {}
    for unit_id, person_id in await held.order_by("since_on", "id").values_list(
        "person__organisation_id", "person_id"
    ):
        if person_id not in found.get(unit_id, ()):
            found[unit_id] = (*found.get(unit_id, ()), person_id)
    return found


async def leads_of(offices: Collection[UUID], *, on: date) -> Holders:
    """Return who leads each office, or its staff where nobody leads it."""
    staff = await holders_of(Role.OFFICE_STAFF, offices, on=on)
    return {**staff, **await holders_of(Role.OFFICE_LEAD, offices, on=on)}


async def reviewers_of(offices: Collection[UUID], *, on: date) -> Holders:
    """Return the staff who review each office's reports, or its leads where it has no staff."""
    leads = await holders_of(Role.OFFICE_LEAD, offices, on=on)
    return {**leads, **await holders_of(Role.OFFICE_STAFF, offices, on=on)}


async def substitutes_of(people: Collection[UUID], *, on: date) -> dict[UUID, tuple[UUID, bool]]:
    """Return each person's substitute of a day, and whether the person is on leave; leave comes first."""
    held = Substitution.filter(person_id__in=set(people), since_on__lte=on, substitute__is_active=True)
    held = held.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)).order_by("is_leave", "since_on", "id")
    return {one.person_id: (one.substitute_id, one.is_leave) for one in await held}


def reached(
    wanted: Iterable[Recipient],
    people: Mapping[Recipient, tuple[UUID, ...]],
    substitutes: Mapping[UUID, tuple[UUID, bool]],
) -> dict[UUID, Recipient]:
    """Return whom the wanted recipients are, and as whom; who is on leave is replaced by the substitute. Pure."""
    found: dict[UUID, Recipient] = {}
    for recipient in wanted:
        for person_id in people.get(recipient, ()):
            substitute, is_leave = substitutes.get(person_id, (person_id, False))
            if is_leave:
                found.setdefault(substitute, Recipient.SUBSTITUTE)
            else:
                found.setdefault(person_id, recipient)
    return found
