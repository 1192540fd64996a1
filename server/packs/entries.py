"""The types of a city pack's content: the data that differs from city to city."""

from datetime import date, time
from typing import Annotated

from msgspec import Meta, Struct

from models.vocabulary import Channel, OrganisationKind, ReasonUse, Recipient, Role, Scope, Urgency

Name = Annotated[str, Meta(min_length=1)]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a pack; an unknown key is a mistake in the pack."""


class Names(Entry, frozen=True):
    """The city's names for things that every city has."""

    product: Name = "督察通"
    reform_office: Name = "改革办"


class Promises(Entry, frozen=True):
    """The number of working days within which a reporter gets an answer."""

    review_days: Annotated[int, Meta(ge=1, le=30)] = 1


class QuietHours(Entry, frozen=True):
    """No push messages are sent between these times, from evening to morning."""

    starts: time = time(22, 0)
    ends: time = time(7, 30)


class ReminderContent(Entry, frozen=True, kw_only=True):
    """When, whom, how urgently, by which channels and in which words people are reminded.

    `offsets` are working days after the deadline, negative before it; after the last one a reminder follows every
    `every` working days, none if 0. `channels` follow the inbox, each when the one before was not read in time. Who
    does not acknowledge within `climb_hours` working hours has it told to the people of `climbs`, one after another.
    """

    offsets: Annotated[list[Annotated[int, Meta(ge=-60, le=60)]], Meta(min_length=1, max_length=12)]
    to: Annotated[list[Recipient], Meta(min_length=1, max_length=4)]
    title: Annotated[str, Meta(min_length=2, max_length=40)]
    body: Annotated[str, Meta(min_length=2, max_length=200)]
    every: Annotated[int, Meta(ge=0, le=60)] = 0
    urgency: Urgency = Urgency.ROUTINE
    channels: Annotated[tuple[Channel, ...], Meta(max_length=5)] = ()
    climbs: Annotated[tuple[Recipient, ...], Meta(max_length=3)] = ()
    climb_hours: Annotated[int, Meta(ge=1, le=80)] = 8
    is_on: bool = True


class ReminderEntry(ReminderContent, frozen=True, kw_only=True):
    """The rule of one kind of matter, until the office changes it."""

    kind: Annotated[str, Meta(pattern="^[a-z_]{1,30}$")]


class OrganisationEntry(Entry, frozen=True):
    code: Annotated[str, Meta(pattern="^[a-z0-9-]{1,32}$")]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    short_name: Annotated[str, Meta(min_length=1, max_length=20)]
    kind: OrganisationKind
    parent: str | None = None
    series: Annotated[str, Meta(max_length=12)] | None = None


class DutyEntry(Entry, frozen=True):
    """A role with its title; without a scope, the role's usual one."""

    role: Role
    title: Annotated[str, Meta(max_length=60)] = ""
    scope: Scope | None = None


class PersonEntry(Entry, frozen=True):
    """An invented person of the demo world. `username` is for the console, where people sign in with a password."""

    key: Name
    designation: Annotated[str, Meta(min_length=1, max_length=40)]
    real_name: Name
    duties: Annotated[list[DutyEntry], Meta(min_length=1)]
    organisation: str | None = None
    username: str | None = None


class ReasonEntry(Entry, frozen=True):
    """A reason of the catalogue in the words reporters read: what happened, what would make the report acceptable."""

    code: Annotated[str, Meta(pattern="^[a-z_]{1,40}$")]
    use: ReasonUse
    label: Annotated[str, Meta(min_length=1, max_length=40)]
    text: Annotated[str, Meta(min_length=20, max_length=300)]


class TaskEntry(Entry, frozen=True):
    """A task of the demo city's list, with names as an office writes them."""

    code: Name
    measure: Annotated[int, Meta(ge=1, le=20)]
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    content: Name
    lead_unit: Name
    supporting_units: list[str]
    leading_official: Name
    commissioners: Annotated[list[str], Meta(min_length=1)]
    due_on: date
    is_major: bool = True
