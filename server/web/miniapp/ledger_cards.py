"""Response bodies for tasks and the ledger."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import LedgerItem, ReformTask
from models.vocabulary import (
    EvidenceKind,
    LedgerState,
    Light,
    ObservationKind,
    PhotoState,
    RecheckAnswer,
)
from server.ledger import LightStatus, registered_as_told
from server.people import Actor
from server.web.door.operations import Done
from server.web.miniapp.cards import PhotoLink


class TaskLine(Struct):
    """A reform task to choose from."""

    id: UUID
    code: str
    measure: int
    name: str
    lead_unit: str
    due_on: date


class CategoryLine(Struct):
    """What reports may be about; `words` in a text speak for it, `text_only` ones need no photo."""

    code: str
    label: str
    hint: str
    words: list[str]
    text_only: bool


class TaskPage(Struct):
    """The current task list of a year, and the city's categories."""

    year: int
    items: list[TaskLine]
    categories: list[CategoryLine]


class UnitLine(Struct):
    """A unit to choose from."""

    id: UUID
    name: str
    short_name: str


class UnitList(Struct):
    """The units that can be given work."""

    items: list[UnitLine]


class LedgerLine(Struct):
    """A ledger item in a list."""

    id: UUID
    number: str
    title: str
    state: LedgerState
    state_label: str
    kind: ObservationKind
    place_name: str
    lead_unit: str | None
    task_code: str | None
    due_on: date | None
    light: Light
    light_words: str
    percent: int
    registered_at: datetime


class LedgerPage(Struct):
    """A page of the ledger and the total number the filter matches."""

    items: list[LedgerLine]
    cursor: str | None
    total: int


class TimelineLine(Struct):
    """What happened to an item, in an official's words; if `day_only`, ignore the hour of `at`."""

    at: datetime
    day_only: bool
    words: str


class EvidenceCard(Struct):
    """What the unit handed in, with its photos by kind and their signed links."""

    at: datetime
    words: str
    photos: list["EvidencePhotoCard"]


class EvidencePhotoCard(Struct):
    """One photo of evidence."""

    kind: EvidenceKind | None
    state: PhotoState
    links: list[PhotoLink]


class PendingRequest(Struct):
    """A request of the unit that the office has not decided yet."""

    words: str
    asked_at: datetime
    until_on: date | None = None


class ReasonLine(Struct):
    """A reason from the catalogue: its label for a button, and its full text."""

    code: str
    label: str
    text: str


class LedgerItemCard(Struct):
    """A ledger item with its clock, its timeline, the steps its state allows, and those open to the reader.

    `before` are the reporters' pictures of the matter, for people who may review reports. `causes` are the reasons
    to choose from, if the reader may give back the item or its close-out. `extension_words` tell the unit why it
    can't ask for a later deadline now.
    """

    id: UUID
    number: str
    title: str
    summary: str
    state: LedgerState
    state_label: str
    light: Light
    light_words: str
    kind: ObservationKind
    place_name: str
    lead_unit: str | None
    commissioner: str | None
    task_code: str | None
    task_name: str | None
    due_on: date | None
    due_words: str
    percent: int
    extensions: int
    evidence_needed: list[EvidenceKind]
    evidence_words: str
    extension_words: str
    evidence: list[EvidenceCard]
    retention_note: str
    next_review_on: date | None
    registered_at: datetime
    round: int
    version: int
    next_steps: list[str]
    open_deeds: list[str]
    close_out_asked: PendingRequest | None
    extension_asked: PendingRequest | None
    retention_asked: PendingRequest | None
    causes: list[ReasonLine]
    before: list[list[PhotoLink]]
    timeline: list[TimelineLine]


class StepDone(Struct):
    """A completed step: the current item, and the digests of evidence still to be sent."""

    item: LedgerItemCard
    missing: list[str]


class Split(Done):
    """The items that a split created."""

    numbers: list[str]


class RecheckCard(Struct):
    """The question whether a reported matter is solved, and the answer."""

    until_on: date
    answer: RecheckAnswer | None
    words: str
    missing: list[str]


def task_line(task: ReformTask) -> TaskLine:
    """Return a task as a line of the list."""
    return TaskLine(task.id, task.code, task.measure, task.name, task.lead_unit.short_name, task.due_on)


LINE_FIELDS = (
    *("id", "number_text", "title", "state", "kind", "place_name", "due_on", "percent"),
    *("registered_at", "dispatched_at", "lead_unit__short_name", "task__code"),
)


def ledger_line(item: LedgerItem, status: LightStatus, *, to: Actor) -> LedgerLine:
    """Return an item, its LINE_FIELDS read, as a line with today's light; its time is as exact as `to` may know."""
    return LedgerLine(
        id=item.id,
        number=item.number_text,
        title=item.title,
        state=item.state,
        state_label=item.state.label,
        kind=item.kind,
        place_name=item.place_name,
        lead_unit=item.lead_unit.short_name if item.lead_unit else None,
        task_code=item.task.code if item.task else None,
        due_on=item.due_on,
        light=status.light,
        light_words=status.because,
        percent=item.percent,
        registered_at=registered_as_told(item, to=to),
    )
