"""Who has a letter now: who signs it, and who answers it for its addressee."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import Duty, Letter, Person
from models.vocabulary import LetterState as S
from models.vocabulary import Role
from server.letters.kinds import Kinds

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
    held = _held(today).filter(organisation_id__in=list(units), role__in=OF_A_UNIT)
    for duty in await held.order_by("since_on", "id"):
        for letter_id in units[duty.organisation_id] if duty.organisation_id else []:
            if duty.person_id not in found[letter_id]:
                found[letter_id].append(duty.person_id)
    return dict(found)


async def answered_by(person: Person, found: QuerySet[Letter], *, today: date) -> list[Letter]:
    """Return those of some letters that a person answers, with their items."""
    units = _held(today).filter(person_id=person.id, role__in=OF_A_UNIT)
    of_units = Q(unit_id__in=await units.values_list("organisation_id", flat=True))
    near = of_units | Q(official_id=person.id) | Q(item__commissioner_id=person.id)
    letters = await found.filter(near).distinct().select_related("item")
    who = await answerers_of(letters, today=today)
    return [one for one in letters if person.id in who.get(one.id, [])]


async def signers_of(letter: Letter, *, kinds: Kinds, today: date) -> list[UUID]:
    """Return who may sign a letter in the office that issues it; its drafter may not."""
    kind = kinds.by_code.get(letter.kind)
    roles = list(kind.signs) if kind else []
    held = _held(today).filter(organisation_id=letter.issuer_id, role__in=roles)
    found = dict.fromkeys([duty.person_id for duty in await held.order_by("since_on", "id")])
    return [one for one in found if one != letter.drafted_by_id]


async def holder_of(letter: Letter, *, kinds: Kinds, today: date) -> str:
    """Say who has a letter, its item loaded, and what is expected of them; empty once it is settled."""
    match letter.state:
        case S.DRAFT:
            return await _names([letter.drafted_by_id], "起草")
        case S.SUBMITTED:
            return await _names(await signers_of(letter, kinds=kinds, today=today), "待签发")
        case S.DELIVERED:
            found = await answerers_of([letter], today=today)
            return await _names(found.get(letter.id, []), "待签收", instead=letter.addressee)
        case S.ACKNOWLEDGED if letter.reply_days:
            found = await answerers_of([letter], today=today)
            return await _names(found.get(letter.id, []), "待反馈", instead=letter.addressee)
        case S.REPLIED:
            return f"{letter.issuer_name}，待审核反馈"
    return ""


def _held(today: date) -> QuerySet[Duty]:
    current = Q(until_on__isnull=True) | Q(until_on__gte=today)
    return Duty.filter(current, since_on__lte=today, person__is_active=True)


async def _names(people: Sequence[UUID | None], awaited: str, *, instead: str = "") -> str:
    found = {one.id: one.designation for one in await Person.filter(id__in=[one for one in people if one])}
    names = "、".join(found[one] for one in people if one in found)
    return f"{names or instead}，{awaited}" if names or instead else ""
