"""What is awaited from the addressees of letters: a receipt or a reply, until when, and from whom; for reminders."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from models import Duty, Letter
from models.vocabulary import LetterState as S
from models.vocabulary import Role
from server.kernel.workdays import Calendar

RECEIPT_DAYS = 1  # working days to acknowledge a letter (LET-05)
ANSWERERS = (Role.COMMISSIONER, Role.DEPARTMENT_CONTACT)


@dataclass(frozen=True)
class Awaited:
    """A letter whose addressee should acknowledge it or, if `is_reply`, reply to it, until the end of a day."""

    letter: Letter
    is_reply: bool
    due_on: date


async def awaited(*, calendar: Calendar, item_id: UUID | None = None) -> list[Awaited]:
    """Return what is awaited now, with each letter's item loaded, in the order of the deadlines."""
    open_ones = Q(state=S.DELIVERED) | Q(state=S.ACKNOWLEDGED, reply_due_on__isnull=False)
    found = Letter.filter(open_ones, item_id=item_id) if item_id else Letter.filter(open_ones)
    told = [as_awaited(one, calendar=calendar) for one in await found.select_related("item")]
    return sorted((one for one in told if one), key=lambda one: (one.due_on, one.letter.id))


def as_awaited(letter: Letter, *, calendar: Calendar) -> Awaited | None:
    """Return what a letter awaits, or None. Pure."""
    if letter.state is S.DELIVERED and letter.issued_on:
        return Awaited(letter, is_reply=False, due_on=calendar.due(letter.issued_on, RECEIPT_DAYS).on)
    if letter.state is S.ACKNOWLEDGED and letter.reply_due_on:
        return Awaited(letter, is_reply=True, due_on=letter.reply_due_on)
    return None


async def people_awaited(letters: Sequence[Letter], *, today: date) -> dict[UUID, list[UUID]]:
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
    held = current.filter(organisation_id__in=list(units), role__in=ANSWERERS, person__is_active=True)
    for duty in await held.order_by("since_on", "id"):
        for letter_id in units[duty.organisation_id] if duty.organisation_id else []:
            if duty.person_id not in found[letter_id]:
                found[letter_id].append(duty.person_id)
    return dict(found)
