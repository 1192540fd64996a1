"""The types of a city pack's content: the data that differs from city to city."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from models.vocabulary import (
    CadencePeriod,
    Channel,
    LedgerState,
    OrganisationKind,
    ProofKind,
    ReasonUse,
    Recipient,
    Role,
    Scope,
    TemplatePurpose,
    Urgency,
    Word,
)
from server.packs.entry import Entry

Name = Annotated[str, Meta(min_length=1)]


class Names(Entry, frozen=True):
    """The city's names for things that every city has."""

    product: Name = "督察通"
    reform_office: Name = "改革办"


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


class CadenceContent(Entry, frozen=True, kw_only=True):
    """What must be done how often: by whom, what, in which period, how many times, and what proves it.

    It asks every open organisation of `kinds` and those of `organisations`, except `excluded` (both by their codes).
    Fewer than `least` is unmet, more than `most` a note and never a fault. `soon_days` are the calendar days before the
    period's last day from which it counts as due soon. `basis` says what `measure` asks.
    """

    name: Annotated[str, Meta(min_length=2, max_length=60)]
    period: CadencePeriod
    proofs: Annotated[tuple[ProofKind, ...], Meta(min_length=1, max_length=11)]
    kinds: Annotated[tuple[OrganisationKind, ...], Meta(max_length=6)] = ()
    organisations: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    excluded: Annotated[tuple[str, ...], Meta(max_length=200)] = ()
    least: Annotated[int, Meta(ge=1, le=99)] = 1
    most: Annotated[int, Meta(ge=1, le=99)] | None = None
    soon_days: Annotated[int, Meta(ge=0, le=200)] = 7
    measure: Annotated[int, Meta(ge=1, le=20)] | None = None
    basis: Annotated[str, Meta(max_length=300)] = ""
    is_on: bool = True


class CadenceEntry(CadenceContent, frozen=True, kw_only=True):
    """A cadence rule of the city, until the office changes it."""

    code: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")]


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


class LetterIssuer(Entry, frozen=True):
    """The issuer code (发文机关代字) with which an organisation's document numbers begin."""

    organisation: str
    code: Annotated[str, Meta(min_length=1, max_length=12)]


class OncePer(Word):
    """How often an item gets a letter of a kind."""

    ROUND = "round", "每轮一次"
    DISPATCH = "dispatch", "每次分办一次"
    DAY = "day", "每天一次"


class LetterTo(Word):
    """The addressee of a kind of letter."""

    UNIT = "unit", "承办单位"
    LEADING_OFFICIAL = "leading_official", "牵头领导"


class LetterKind(Entry, frozen=True):
    """A kind of letter. Its words are a template that the office may reword, or stand in the pack itself."""

    code: Annotated[str, Meta(pattern="^[a-z_]{1,24}$")]
    label: Annotated[str, Meta(min_length=1, max_length=12)]  # also the name of its number series
    mark: Annotated[str, Meta(min_length=1, max_length=4)]  # follows the issuer code in the document number
    drafts: Annotated[list[Role], Meta(min_length=1)]
    signs: Annotated[list[Role], Meta(min_length=1)]
    template: TemplatePurpose | None = None
    title: Annotated[str, Meta(max_length=40)] = ""
    body: Annotated[str, Meta(max_length=1500)] = ""
    at_once: bool = False  # the shorter form: its drafter issues it, without another person's sign-off
    to: LetterTo = LetterTo.UNIT
    step: Annotated[int, Meta(ge=0, le=9)] = 0  # its position on the ladder; 0 if it is not on it
    after_days: Annotated[int, Meta(ge=0, le=60)] = 0  # working days without improvement since the step below
    reply_days: Annotated[int, Meta(ge=0, le=60)] = 0  # working days to reply; 0 if no reply is asked for
    once_per: OncePer = OncePer.ROUND
    when: tuple[LedgerState, ...] = (LedgerState.DISPATCHED, LedgerState.IN_PROGRESS)
