"""Response bodies about the signed-in person and their duties."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from models import Person
from models.vocabulary import (
    Role,
)
from server.people.duties import HeldDuty


class DutyCard(Struct):
    """A role the person holds, with its label and title."""

    role: Role
    label: str
    title: str


class PersonCard(Struct):
    """A person as they see themselves."""

    id: UUID
    designation: str
    duties: list[DutyCard]


class SignedIn(Struct):
    """A new session; store the token, it is not returned again."""

    token: str
    person: PersonCard
    duties: list[DutyCard]
    server_time: datetime
    tickets: list[str]  # for sealed reports: two a day for everybody; none where the tier is not offered


class Me(Struct):
    """The signed-in person and the number of unread messages."""

    person: PersonCard
    duties: list[DutyCard]
    unread: int
    server_time: datetime


def duty_cards(duties: Sequence[HeldDuty]) -> list[DutyCard]:
    """Return the duties as cards."""
    return [DutyCard(duty.role, duty.role.label, duty.title) for duty in duties]


def person_card(person: Person, duties: Sequence[HeldDuty]) -> PersonCard:
    """Return the person's own card."""
    return PersonCard(person.id, person.designation, duty_cards(duties))
