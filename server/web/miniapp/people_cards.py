"""Cards of people: who one is, and what for."""

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
    """A role that is held, with its words."""

    role: Role
    label: str
    title: str


class PersonCard(Struct):
    """A person as he sees himself."""

    id: UUID
    designation: str
    duties: list[DutyCard]


class SignedIn(Struct):
    """A fresh session: keep the token, it is not told again."""

    token: str
    person: PersonCard
    duties: list[DutyCard]
    server_time: datetime
    tickets: list[str]  # for sealed reports: two a day for everybody, none where the tier is not offered


class Me(Struct):
    """Who is signed in, and how many messages are unread."""

    person: PersonCard
    duties: list[DutyCard]
    unread: int
    server_time: datetime


def duty_cards(duties: Sequence[HeldDuty]) -> list[DutyCard]:
    """The duties as cards."""
    return [DutyCard(duty.role, duty.role.label, duty.title) for duty in duties]


def person_card(person: Person, duties: Sequence[HeldDuty]) -> PersonCard:
    """A person's own card."""
    return PersonCard(person.id, person.designation, duty_cards(duties))
