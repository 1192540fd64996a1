"""Events as the office reads them: when, what and who, but never who reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import JournalEntry
from server import journal, people
from server.kernel.clock import day_of
from server.ledger.outsiders import RECHECKS
from server.notifications.inbox.wording import timeline_words

REPORTER, SENDER, MACHINE = "上报人", "上传人", "系统"
# On reports and photos, only these events are the office's, and some the system's. The actor of any other stays
# unnamed, also for events added later: a list of the reporter's own events would have to be kept up to date.
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
DEEDS_OF_THE_MACHINE = {"photo.shown", "photo.refused", "photo.forgotten", "content.held"}
OF_CITIZENS = {
    "person.joined",
    "person.agreed",
    "person.asked_to_leave",
    "person.stayed",
    "person.accepted_invitation",
}
UNNAMED = {"observation": REPORTER, "photo": SENDER}


@dataclass(frozen=True)
class Told:
    """One event in words."""

    entry: JournalEntry
    at: datetime
    what: str
    who: str
    is_day: bool = False  # only the day is shown, not the hour


async def tell(entries: Iterable[JournalEntry]) -> list[Told]:
    """Return the entries in an official's words, in order; a reporter's event shows the day, not the hour."""
    found = list(entries)
    actors = await journal.actors_of(found)
    named = await people.designations_of(actors.values())
    return [_told(entry, actors.get(entry.id), named) for entry in found]


def what(entry: JournalEntry) -> str:
    """Return in words what an event was."""
    return timeline_words(entry.event, entry.detail)


def shows_when_somebody_reported(entry: JournalEntry) -> bool:
    """Return whether an event shows when somebody reported, by the reporter or automatically right after. Pure."""
    return entry.event in RECHECKS or (entry.subject_kind in UNNAMED and entry.event not in OFFICE_DEEDS)


def _told(entry: JournalEntry, actor: UUID | None, named: dict[UUID, str]) -> Told:
    if shows_when_somebody_reported(entry):
        reporter = UNNAMED.get(entry.subject_kind, REPORTER)
        who = MACHINE if entry.event in DEEDS_OF_THE_MACHINE else reporter
        return Told(entry, day_of(entry.at), what(entry), who, is_day=True)
    who = named.get(actor, MACHINE) if actor else MACHINE
    if entry.event in OF_CITIZENS:  # next to a report of the same minute, this would reveal whose it is
        return Told(entry, day_of(entry.at), what(entry), who, is_day=True)
    return Told(entry, entry.at, what(entry), who)
