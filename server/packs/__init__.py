"""City packs: what differs from city to city, as data. A new city is a new folder without code."""

from server.packs.city_rules import Categories, Category, FourEyes, Promises, QuietHours, ReportLimits
from server.packs.entries import (
    CadenceContent,
    CadenceEntry,
    DutyEntry,
    LetterIssuer,
    LetterKind,
    LetterTo,
    OncePer,
    OrganisationEntry,
    PersonEntry,
    ReasonEntry,
    ReminderContent,
    ReminderEntry,
    TaskEntry,
)
from server.packs.here import city, serve_city
from server.packs.opening import Pack, PackBroken, Ways, open_pack, ways_of

__all__ = [
    "CadenceContent",
    "CadenceEntry",
    "Categories",
    "Category",
    "DutyEntry",
    "FourEyes",
    "LetterIssuer",
    "LetterKind",
    "LetterTo",
    "OncePer",
    "OrganisationEntry",
    "Pack",
    "PackBroken",
    "PersonEntry",
    "Promises",
    "QuietHours",
    "ReasonEntry",
    "ReminderContent",
    "ReminderEntry",
    "ReportLimits",
    "TaskEntry",
    "Ways",
    "city",
    "open_pack",
    "serve_city",
    "ways_of",
]
