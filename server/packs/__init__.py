"""City packs: what differs from city to city, as data. A new city is a new folder without code."""

from server.packs.entries import (
    DutyEntry,
    LetterIssuer,
    LetterKind,
    LetterTo,
    OncePer,
    OrganisationEntry,
    PersonEntry,
    QuietHours,
    ReasonEntry,
    ReminderContent,
    ReminderEntry,
    TaskEntry,
)
from server.packs.opening import Pack, PackBroken, Ways, open_pack, ways_of

__all__ = [
    "DutyEntry",
    "LetterIssuer",
    "LetterKind",
    "LetterTo",
    "OncePer",
    "OrganisationEntry",
    "Pack",
    "PackBroken",
    "PersonEntry",
    "QuietHours",
    "ReasonEntry",
    "ReminderContent",
    "ReminderEntry",
    "TaskEntry",
    "Ways",
    "open_pack",
    "ways_of",
]
