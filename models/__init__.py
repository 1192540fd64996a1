"""What the office remembers: tables and words, no deeds."""

from models.calendar import CalendarDay
from models.inbox import InboxMessage
from models.journal import JournalEntry, JournalHead
from models.ledger import LedgerItem, NumberSeries
from models.observation import Observation, ObservationRevision, Reason
from models.organisation import Organisation
from models.person import Duty, Identity, Person
from models.photo import ManifestLine, Photo, Rendition
from models.session import ConsoleLogin, Invitation, Session
from models.task import AnnualTaskList, ReformTask, TaskImport

__all__ = [
    "AnnualTaskList",
    "CalendarDay",
    "ConsoleLogin",
    "Duty",
    "Identity",
    "InboxMessage",
    "Invitation",
    "JournalEntry",
    "JournalHead",
    "LedgerItem",
    "ManifestLine",
    "NumberSeries",
    "Observation",
    "ObservationRevision",
    "Organisation",
    "Person",
    "Photo",
    "Reason",
    "ReformTask",
    "Rendition",
    "Session",
    "TaskImport",
]
