"""Subjects: what photos prove. The room of each kind registers how they are marked, and who sends their photos."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """What photos prove: its id in the manifest, what its mark says, and where its people read of it."""

    id: UUID
    kind: str  # as an inbox names it
    told_as: UUID
    place: str = ""
    task: str = ""
    reporter: str = ""
    is_by_day: bool = False  # neither its marks nor its pictures tell the hour


Describe = Callable[[UUID], Awaitable[Subject | None]]
Senders = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, UUID]]]
_rooms: dict[str, Describe] = {}
_senders: dict[str, Senders] = {}


def describes(kind: str) -> Callable[[Describe], Describe]:
    """Register the function that describes the subjects of a manifest's kind."""

    def register(describe: Describe) -> Describe:
        _rooms[kind] = describe
        return describe

    return register


async def described(kind: str, subject_id: UUID) -> Subject | None:
    """A subject as its room describes it; None if it is gone."""
    return await _rooms[kind](subject_id)


def tells_senders(kind: str) -> Callable[[Senders], Senders]:
    """Register the function that tells who may send the photos of a kind's subjects: {subject: person}."""

    def register(senders: Senders) -> Senders:
        _senders[kind] = senders
        return senders

    return register


async def senders_of(subjects: Iterable[tuple[str, UUID]]) -> dict[UUID, UUID]:
    """Who sends the photos of each (kind, subject); subjects of which nothing tells it are left out."""
    by_kind: defaultdict[str, set[UUID]] = defaultdict(set)
    for kind, subject_id in subjects:
        by_kind[kind].add(subject_id)
    found: dict[UUID, UUID] = {}
    for kind, ids in by_kind.items():
        found |= await _senders[kind](ids)
    return found
