"""Matters with a deadline: each kind's package registers once how to find what is due and whom it concerns.

A new kind needs no change here: its package calls `reminds_of(Kind(...))` when it is imported, `settle` in every
transaction that takes a deadline away, and `move` where other people take over.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from models.vocabulary import Recipient
from server.packs import ReminderContent


@dataclass(frozen=True)
class Matter:
    """Something with a deadline. `number` names it where its title must not be read; `unit` may be empty."""

    subject_id: UUID
    due_on: date
    number: str
    title: str
    round: int = 1
    unit: str = ""
    people: Mapping[Recipient, tuple[UUID, ...]] = field(default_factory=dict)
    moment: datetime | None = None  # when it is told on its day, for kinds by moment


Earliest = Callable[[], Awaitable[date | None]]
DueOn = Callable[[Collection[date], date], Awaitable[list[Matter]]]
StillDue = Callable[[Collection[UUID], date], Awaitable[list[Matter]]]


USUAL = ReminderContent(
    offsets=[-7, -3, -1, 0, 1],
    every=3,
    to=[Recipient.COMMISSIONER],
    title="{编号}{时限}",
    body="{编号}“{事项}”，期限{期限}，{时限}。请打开办理。",
)


@dataclass(frozen=True)
class Kind:
    """What the engine knows of a kind of matter.

    `earliest` returns the oldest open deadline. `due_on` returns the matters due on one of some days and `still_due`
    those of some ids that are still due, both with their people of the given day. All three read by an index.
    `is_settled` says that whoever changes a matter ends its reminders at once; others are looked at with each day's
    plan. `subject_kind` is how the inbox names a matter, `page` the phone's page that shows one by its id (the inbox
    if empty); `usual` applies where the city pack has no rule.
    """

    code: str
    label: str
    subject_kind: str
    earliest: Earliest
    due_on: DueOn
    still_due: StillDue
    page: str = ""
    usual: ReminderContent = USUAL
    is_settled: bool = True
    by_moment: bool = (
        False  # told when a matter's moment has come, also on days off, and not by the morning's plan
    )
    before: str = "到期前"  # how a rule says its offsets: those ahead, that of the day, those after it
    on: str = "当天"
    after: str = "逾期"


_kinds: dict[str, Kind] = {}


def reminds_of(kind: Kind) -> None:
    """Register a kind of matter; called when its package is imported."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """Return all registered kinds, in the order of their labels' packages."""
    return list(_kinds.values())


def kind_named(code: str) -> Kind | None:
    """Return a kind by its code, or None."""
    return _kinds.get(code)
