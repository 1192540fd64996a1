"""Subjects: what photos prove. The room of each kind registers how the photos of its subjects are marked."""

from collections.abc import Awaitable, Callable
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


Describe = Callable[[UUID], Awaitable[Subject | None]]
_rooms: dict[str, Describe] = {}


def describes(kind: str) -> Callable[[Describe], Describe]:
    """Register the function that describes the subjects of a manifest's kind."""

    def register(describe: Describe) -> Describe:
        _rooms[kind] = describe
        return describe

    return register


async def described(kind: str, subject_id: UUID) -> Subject | None:
    """A subject as its room describes it; None if it is gone."""
    return await _rooms[kind](subject_id)
