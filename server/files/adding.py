"""Adding a file to a record that exists: the file has arrived, and its line is written with an entry."""

from datetime import datetime
from uuid import UUID

from models import FileArrival, FileLine
from server import journal
from server.files.announcing import AnnouncedFile, announce_more
from server.files.reading import check_adds
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor


@unit_of_work
async def add_file(
    arrival: FileArrival, *, name: str, subject_kind: str, subject_id: UUID, by: Actor, now: datetime
) -> FileLine:
    """Add a file that has arrived to a record; the same file again changes nothing. Raises NoSuchThing."""
    await check_adds(by, subject_kind, subject_id)
    if known := await FileLine.get_or_none(subject_id=subject_id, sha256=arrival.sha256):
        return known
    file = AnnouncedFile(arrival.sha256, arrival.bytes, name or "附件")
    await announce_more(file, subject_kind=subject_kind, subject_id=subject_id, by=by.person, now=now)
    line = await FileLine.get(subject_id=subject_id, sha256=arrival.sha256)
    await journal.record("file_line.added", line, by=by.person, name=line.name, of=subject_kind)
    return line
