"""What the office remembers: tables and words, no deeds."""

from models.calendar import CalendarDay, CalendarNotice
from models.case import Case, CaseAnswer, CaseBatch, CasePicture
from models.content import ContentCheck
from models.export import Export, SavedView
from models.inbox import InboxMessage, ReadMarks, ReportMessage
from models.journal import JournalActor, JournalEntry
from models.ledger import (
    CloseOutRequest,
    Extension,
    GivingBack,
    LedgerItem,
    NumberSeries,
    ProgressReport,
    Recheck,
    RetentionRequest,
)
from models.ledger_import import LedgerImport, OldEntry
from models.letter import Letter
from models.observation import (
    Observation,
    ObservationRevision,
    Reason,
    ReasonVersion,
    Reporter,
    ThreadMessage,
)
from models.once_key import OnceKey
from models.organisation import Organisation
from models.person import Duty, Identity, Person, Salt
from models.photo import ManifestLine, Photo, PhotoDay, Redaction, Rendition, Upload
from models.problem import AgendaEntry, Problem, ProblemSource
from models.sealed import (
    Escrow,
    EscrowOpening,
    Keyset,
    SealedAccess,
    SealedArrival,
    SpentTicket,
    TicketDay,
)
from models.session import ConsoleLogin, Invitation, Session
from models.subscription import Consent, DigestFailures, DigestSent, Nudge, SubscriptionQuota
from models.task import AnnualTaskList, ReformTask, TaskImport
from models.team import (
    Certificate,
    ChecklistAnswer,
    ChecklistQuestion,
    Mission,
    MissionMember,
    MissionStop,
    TeamMember,
    TrainingRecord,
)
from models.template import Template, TemplateVersion

__all__ = [
    "AgendaEntry",
    "AnnualTaskList",
    "CalendarDay",
    "CalendarNotice",
    "Case",
    "CaseAnswer",
    "CaseBatch",
    "CasePicture",
    "Certificate",
    "ChecklistAnswer",
    "ChecklistQuestion",
    "CloseOutRequest",
    "Consent",
    "ConsoleLogin",
    "ContentCheck",
    "DigestFailures",
    "DigestSent",
    "Duty",
    "Escrow",
    "EscrowOpening",
    "Export",
    "Extension",
    "GivingBack",
    "Identity",
    "InboxMessage",
    "Invitation",
    "JournalActor",
    "JournalEntry",
    "Keyset",
    "LedgerImport",
    "LedgerItem",
    "Letter",
    "ManifestLine",
    "Mission",
    "MissionMember",
    "MissionStop",
    "Nudge",
    "NumberSeries",
    "Observation",
    "ObservationRevision",
    "OldEntry",
    "OnceKey",
    "Organisation",
    "Person",
    "Photo",
    "PhotoDay",
    "Problem",
    "ProblemSource",
    "ProgressReport",
    "ReadMarks",
    "Reason",
    "ReasonVersion",
    "Recheck",
    "Redaction",
    "ReformTask",
    "Rendition",
    "ReportMessage",
    "Reporter",
    "RetentionRequest",
    "Salt",
    "SavedView",
    "SealedAccess",
    "SealedArrival",
    "Session",
    "SpentTicket",
    "SubscriptionQuota",
    "TaskImport",
    "TeamMember",
    "Template",
    "TemplateVersion",
    "ThreadMessage",
    "TicketDay",
    "TrainingRecord",
    "Upload",
]
