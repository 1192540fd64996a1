"""Subjects: what photos prove. Each kind's package registers once what photos need to know about its subjects."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from models import Photo
from server.tools import Tools

F = TypeVar("F")


@dataclass(frozen=True)
class Subject:
    """What photos prove: its id in the manifest, what its mark says, and where its people read about it."""

    id: UUID
    kind: str  # as an inbox names it
    told_as: UUID
    place: str = ""
    task: str = ""
    reporter: str = ""
    is_by_day: bool = False  # neither its marks nor its pictures reveal the hour


Describe = Callable[[UUID], Awaitable[Subject | None]]
Senders = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, UUID]]]
Find = Callable[[UUID], Awaitable[UUID | None]]
Complete = Callable[[Collection[UUID]], Awaitable[list[UUID]]]
Named = Callable[[UUID], Awaitable[list[Photo]]]
RenderCopies = Callable[..., Awaitable[None]]

_describes: dict[str, Describe] = {}
_senders: dict[str, Senders] = {}
_finds: dict[str, Find] = {}
_completes: dict[str, Complete] = {}
_copies: dict[str, RenderCopies] = {}
RENDERED_AFTER: dict[str, Named] = {}  # by the events after which photos may need rendering


def describes(kind: str) -> Callable[[Describe], Describe]:
    """Register the function that describes the subjects of a manifest's kind, or returns None for a deleted one."""
    return _registered_in(_describes, kind)


def tells_senders(kind: str) -> Callable[[Senders], Senders]:
    """Register the function that returns who may send the photos of a kind's subjects: {subject: person}."""
    return _registered_in(_senders, kind)


def finds(kind: str) -> Callable[[Find], Find]:
    """Register the function that finds a subject by the id that its sender's phone gave it."""
    return _registered_in(_finds, kind)


def completes(kind: str) -> Callable[[Complete], Complete]:
    """Register what follows when photos of a kind's subjects have arrived.

    It returns the subjects that still lack photos, by the ids that their senders' phones gave them.
    """
    return _registered_in(_completes, kind)


def rendered_after(*events: str) -> Callable[[Named], Named]:
    """Register the function that returns the photos a journal entry concerns, by the entry's subject."""
    return _registered_in(RENDERED_AFTER, *events)


def renders_copies(kind: str) -> Callable[[RenderCopies], RenderCopies]:
    """Register the function that renders a photo again wherever this kind shows it in its own form."""
    return _registered_in(_copies, kind)


async def described(kind: str, subject_id: UUID) -> Subject | None:
    """Return a subject as its package describes it; None if it is gone."""
    return await _describes[kind](subject_id)


async def senders_of(subjects: Iterable[tuple[str, UUID]]) -> dict[UUID, UUID]:
    """Return who sends the photos of each (kind, subject); subjects without a known sender are left out."""
    found: dict[UUID, UUID] = {}
    for kind, ids in _by_kind(subjects).items():
        found |= await _senders[kind](ids)
    return found


async def subject_called(name: UUID) -> tuple[str, UUID] | None:
    """Return the (kind, subject) to which its sender's phone gave this id."""
    for kind, find in _finds.items():
        if subject_id := await find(name):
            return kind, subject_id
    return None


async def complete(subjects: Iterable[tuple[str, UUID]]) -> list[UUID]:
    """Do what follows when photos have arrived; return the subjects that still lack photos, by their senders' ids."""
    waiting: list[UUID] = []
    for kind, ids in _by_kind(subjects).items():
        if kind in _completes:
            waiting += await _completes[kind](ids)
    return waiting


async def named_after(event: str, subject_id: UUID) -> list[Photo]:
    """Return the photos that may need rendering after a journal entry."""
    return await RENDERED_AFTER[event](subject_id) if event in RENDERED_AFTER else []


async def render_copies(photo: Photo, *, tools: Tools) -> None:
    """Render a photo again wherever a package shows it in its own form."""
    for render in _copies.values():
        await render(photo, tools=tools)


def _registered_in(registry: dict[str, F], *names: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        registry.update(dict.fromkeys(names, function))
        return function

    return register


def _by_kind(subjects: Iterable[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for kind, subject_id in subjects:
        found[kind].add(subject_id)
    return found
