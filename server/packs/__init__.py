"""City packs: what differs from city to city, as data. A new city is a new folder and no code."""

from server.packs.entries import DutyEntry, OrganisationEntry, PersonEntry, ReasonEntry, TaskEntry
from server.packs.opening import Pack, PackBroken, open_pack

__all__ = [
    "DutyEntry",
    "OrganisationEntry",
    "Pack",
    "PackBroken",
    "PersonEntry",
    "ReasonEntry",
    "TaskEntry",
    "open_pack",
]
