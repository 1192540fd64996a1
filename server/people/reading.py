"""Reading the roster: organisations as a tree and people with their duties. Citizens are never listed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q, Subquery
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from models import ConsoleLogin, Duty, Invitation, Organisation, Person, Session
from models.vocabulary import Role
from server.kernel.refusal import NoSuchThing
from server.kernel.text import words_of
from server.people.duties import Permission
from server.people.sessions import Actor


class RosterFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A filter of the roster. `q` searches designation and unit; `after` is the last person of the previous page."""

    q: Annotated[str, Meta(max_length=40)] = ""
    role: Role | None = None
    organisation_id: UUID | None = None
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


async def organisation_tree(*, with_closed: bool = False) -> list[tuple[int, Organisation]]:
    """Return every organisation with its depth, children below their parent, siblings in the office's order."""
    children: dict[UUID | None, list[Organisation]] = {}
    wanted = Organisation.all() if with_closed else Organisation.filter(closed_on=None)
    for one in await wanted.order_by("sort_order", "created_at", "code"):
        children.setdefault(one.parent_id, []).append(one)

    def below(parent: UUID | None, depth: int) -> Iterable[tuple[int, Organisation]]:
        for one in children.get(parent, []):
            yield depth, one
            yield from below(one.id, depth + 1)

    return list(below(None, 0))


async def roster(actor: Actor, by: RosterFilter) -> list[Person]:
    """Return people of the roster with unit, duties and console login, by designation; one more than the limit."""
    found = _wanted(actor, by)
    last = await Person.get_or_none(id=by.after) if by.after else None
    if last:
        found &= Q(designation__gt=last.designation) | Q(designation=last.designation, id__gt=last.id)
    people = Person.filter(found).order_by("designation", "id").limit(by.limit + 1)
    duties = Prefetch("duties", queryset=Duty.all().select_related("organisation").order_by("since_on", "id"))
    return await people.select_related("organisation").prefetch_related(duties, "console_login")


def on_roster(actor: Actor, by: RosterFilter) -> QuerySet[Person]:
    """Select the people of the roster that match a filter, before paging."""
    return Person.filter(_wanted(actor, by))


async def duties_in_words(person_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Describe the duties of people in words: role, unit, scope, start and end."""
    found: dict[UUID, list[str]] = {}
    duties = Duty.filter(person_id__in=list(person_ids)).order_by("since_on", "id")
    for one in await duties.select_related("organisation"):
        unit = one.organisation.short_name if one.organisation else ""
        term = f"{one.since_on}至{one.until_on}" if one.until_on else f"{one.since_on}起"
        words = [one.role.label, unit, one.scope.label, one.title, term]
        found.setdefault(one.person_id, []).append("，".join(word for word in words if word))
    return found


async def count_of_roster(actor: Actor, by: RosterFilter) -> int:
    """Return how many people of the roster match a filter."""
    return await Person.filter(_wanted(actor, by)).count()


async def person_on_roster(actor: Actor, person_id: UUID) -> Person:
    """Return one person of the roster; raises NoSuchThing, also for citizens."""
    duties = Prefetch("duties", queryset=Duty.all().select_related("organisation").order_by("since_on", "id"))
    person = (
        await Person.filter(_wanted(actor, RosterFilter()), id=person_id)
        .select_related("organisation")
        .prefetch_related(duties)
        .first()
    )
    if person is None:
        raise NoSuchThing
    return person


async def people_of_unit(actor: Actor, organisation_id: UUID) -> list[Person]:
    """Return the current members of a unit with their duties, by designation."""
    found = _wanted(actor, RosterFilter(organisation_id=organisation_id))
    duties = Prefetch("duties", queryset=Duty.all().select_related("organisation").order_by("since_on", "id"))
    return await Person.filter(found, is_active=True).order_by("designation").prefetch_related(duties)


async def person_called(designation: str) -> Person:
    """Return the one active person with a designation; raises NoSuchThing if there is none or more than one."""
    found = await Person.filter(designation=designation, is_active=True).limit(2)
    if len(found) != 1:
        raise NoSuchThing
    return found[0]


async def login_of(person: Person) -> ConsoleLogin | None:
    """Return a person's console login, or None."""
    return await ConsoleLogin.get_or_none(person_id=person.id)


async def sessions_of(person: Person, *, now: datetime) -> list[Session]:
    """Return a person's open sessions, the one last seen first."""
    return await Session.filter(person_id=person.id, revoked_at=None, ends_at__gt=now).order_by("-seen_at")


async def open_invitation_of(person: Person, *, now: datetime) -> Invitation | None:
    """Return the invitation of a person that can still be accepted, or None."""
    waiting = Invitation.filter(person_id=person.id, accepted_at=None, expires_at__gt=now)
    return await waiting.order_by("-created_at").first()


async def designations_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the designations of people."""
    pairs = await Person.filter(id__in=set(person_ids)).values_list("id", "designation")
    return {person_id: str(designation) for person_id, designation in pairs}


async def units_named(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of organisations."""
    pairs = await Organisation.filter(id__in=set(organisation_ids)).values_list("id", "name")
    return {organisation_id: str(name) for organisation_id, name in pairs}


async def organisation(organisation_id: UUID) -> Organisation:
    """Return one organisation; raises NoSuchThing."""
    found = await Organisation.get_or_none(id=organisation_id)
    if found is None:
        raise NoSuchThing
    return found


def _wanted(actor: Actor, by: RosterFilter) -> Q:
    actor.reaches(Permission.SEE_PEOPLE)
    official = Duty.filter(role__not=Role.CITIZEN)
    if by.role:
        official = official.filter(role=by.role)
    found = Q(id__in=Subquery(official.values("person_id")))
    if by.organisation_id:
        found &= Q(organisation_id=by.organisation_id)
    for word in words_of(by.q):
        found &= Q(search_text__contains=word) | Q(organisation__search_text__contains=word)
    return found
