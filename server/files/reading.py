"""Reading: the files of a record, and one file for somebody who may see its record."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from models import FileArrival, FileLine
from server.files.naming import download_name
from server.kernel.refusal import NoSuchThing
from server.people import Actor
from server.tools import Tools

Sees = Callable[[Actor, UUID], Awaitable[bool]]

_sees: dict[str, Sees] = {}
_adds: dict[str, Sees] = {}


@dataclass(frozen=True)
class FileHere:
    """A file of a record; `arrival` is None until its bytes are here."""

    line: FileLine
    arrival: FileArrival | None

    @property
    def name(self) -> str:
        """The name under which it is handed out: with the ending of what it really is."""
        return download_name(self.line.name, self.arrival.kind.label) if self.arrival else self.line.name


def shows(subject_kind: str) -> Callable[[Sees], Sees]:
    """Register the function that tells whether an actor may see a record of this kind, and so its files."""

    def register(sees: Sees) -> Sees:
        _sees[subject_kind] = sees
        return sees

    return register


def takes_more(subject_kind: str) -> Callable[[Sees], Sees]:
    """Register the function that tells whether an actor may add files to a record of this kind."""

    def register(adds: Sees) -> Sees:
        _adds[subject_kind] = adds
        return adds

    return register


async def check_adds(actor: Actor, subject_kind: str, subject_id: UUID) -> None:
    """Raise NoSuchThing unless the actor may add files to this record."""
    adds = _adds.get(subject_kind)
    if adds is None or not await adds(actor, subject_id):
        raise NoSuchThing


async def files_of(subject_ids: Collection[UUID]) -> dict[UUID, list[FileHere]]:
    """Return the files of many records in their order, in two queries."""
    lines = await FileLine.filter(subject_id__in=list(subject_ids)).order_by("subject_id", "position")
    sent = FileArrival.filter(
        sha256__in={one.sha256 for one in lines}, sent_by_id__in={one.announced_by_id for one in lines}
    )
    here = {(one.sent_by_id, one.sha256): one for one in (await sent if lines else [])}
    found: dict[UUID, list[FileHere]] = {}
    for one in lines:
        arrival = here.get((one.announced_by_id, one.sha256))
        found.setdefault(one.subject_id, []).append(FileHere(one, arrival))
    return found


async def file_seen_by(actor: Actor, file_id: UUID) -> FileHere:
    """Return a file that is here, of a record that the actor may see; raises NoSuchThing."""
    line = await FileLine.get_or_none(id=file_id)
    if line is None or not await _sees[line.subject_kind](actor, line.subject_id):
        raise NoSuchThing
    arrival = await FileArrival.get_or_none(sent_by_id=line.announced_by_id, sha256=line.sha256)
    if arrival is None:
        raise NoSuchThing
    return FileHere(line, arrival)


def content_of(arrival: FileArrival, *, tools: Tools) -> AsyncIterator[bytes]:
    """Yield a file's bytes as they came."""
    return tools.storage.stream(arrival.key, seal=tools.keys)
