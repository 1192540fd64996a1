"""What a kind of proof stands for: the package that keeps such records registers once how one is made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models import Person
from models.vocabulary import ProofKind


@dataclass(frozen=True)
class Made:
    """The record that a proof stands for."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Making:
    """What somebody hands in for an organisation: a kind of record, its title and the day of what was done."""

    organisation_id: UUID
    kind: ProofKind
    title: str
    done_on: date
    by: Person
    now: datetime
    about_id: UUID | None = None


Make = Callable[[Making], Awaitable[Made]]

_makers: dict[ProofKind, Make] = {}


def makes(*kinds: ProofKind) -> Callable[[Make], Make]:
    """Register the function that makes the record behind proofs of these kinds, inside their unit of work."""

    def register(make: Make) -> Make:
        _makers.update(dict.fromkeys(kinds, make))
        return make

    return register


def maker_of(kind: ProofKind) -> Make | None:
    """Return how a kind's record is made, or None if the proof itself is the record."""
    return _makers.get(kind)
