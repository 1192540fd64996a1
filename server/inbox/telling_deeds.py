"""Deeds as the office tells them: when, what, and who — but never who reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import JournalEntry
from server import people
from server.inbox.wording import timeline_words

REPORTER, SENDER, MACHINE = "上报人", "上传人", "系统"
# On reports and photos only these deeds are the office's. Whoever did any other stays unnamed, also for deeds
# that are added later: a list of the reporter's own deeds would have to be kept in step.
OFFICE_DEEDS = {
    "observation.registered",
    "observation.more_asked",
    "observation.declined",
    "observation.acceptance_undone",
    "observation.decline_proposed",
    "observation.handed_over",
    "observation.office_wrote",
    "photo.redacted",
    "content.passed",
    "content.hidden",
}
UNNAMED = {"observation": REPORTER, "photo": SENDER}


@dataclass(frozen=True)
class Told:
    """One deed in words."""

    entry: JournalEntry
    at: datetime
    what: str
    who: str
    is_day: bool = False  # the hour is not told


async def tell(entries: Iterable[JournalEntry]) -> list[Told]:
    """The entries in an official's words, in the same order."""
    found = list(entries)
    named = await people.designations_of(entry.actor_id for entry in found if entry.actor_id)
    return [Told(entry, entry.at, what(entry), _who(entry, named)) for entry in found]


def what(entry: JournalEntry) -> str:
    """What a deed was, in words."""
    return timeline_words(entry.deed, entry.detail)


def _who(entry: JournalEntry, named: dict[UUID, str]) -> str:
    if entry.actor_id is None:
        return MACHINE
    if entry.subject_kind in UNNAMED and entry.deed not in OFFICE_DEEDS:
        return UNNAMED[entry.subject_kind]
    return named.get(entry.actor_id, MACHINE)
