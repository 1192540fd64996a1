"""Who answers a letter for its addressee."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from models import Duty, Letter
from models.vocabulary import Role

OF_A_UNIT = (Role.COMMISSIONER, Role.DEPARTMENT_CONTACT)


async def answerers_of(letters: Sequence[Letter], *, today: date) -> dict[UUID, list[UUID]]:
    """Return {letter: people who answer it}: the official, the item's commissioner, else those of the unit."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    units: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for one in letters:
        item = one.item
        if one.official_id:
            found[one.id] = [one.official_id]
        elif item.commissioner_id and item.lead_unit_id == one.unit_id:
            found[one.id] = [item.commissioner_id]
        elif one.unit_id:
            units[one.unit_id].append(one.id)
    current = Duty.filter(Q(until_on__isnull=True) | Q(until_on__gte=today), since_on__lte=today)
    held = current.filter(organisation_id__in=list(units), role__in=OF_A_UNIT, person__is_active=True)
    for duty in await held.order_by("since_on", "id"):
        for letter_id in units[duty.organisation_id] if duty.organisation_id else []:
            if duty.person_id not in found[letter_id]:
                found[letter_id].append(duty.person_id)
    return dict(found)
