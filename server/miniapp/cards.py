"""Cards: what leaves for phones, field by field. Nothing is dumped."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import InboxMessage, LedgerItem, Observation, Person, ReformTask
from models.vocabulary import (
    EvidenceKind,
    LedgerState,
    Light,
    ObservationKind,
    ObservationState,
    PhotoState,
    RecheckAnswer,
    Role,
)
from server.ledger import Shine, registered_as_told
from server.people import Visitor
from server.people.duties import HeldDuty


class DutyCard(Struct):
    """A role that is held, with its words."""

    role: Role
    label: str
    title: str


class PersonCard(Struct):
    """A person as he sees himself."""

    id: UUID
    designation: str
    duties: list[DutyCard]


class SignedIn(Struct):
    """A fresh session: keep the token, it is not told again."""

    token: str
    person: PersonCard
    duties: list[DutyCard]
    server_time: datetime


class Me(Struct):
    """Who is signed in, and how many messages are unread."""

    person: PersonCard
    duties: list[DutyCard]
    unread: int
    server_time: datetime


class PhotoLink(Struct):
    """A rendition under a signed link that ends within five minutes."""

    size: str
    width: int
    height: int
    url: str


class PhotoCard(Struct):
    """A photo of a report: here or not, readable or not, and where to look at it."""

    sha256: str
    state: PhotoState | None
    words: str
    links: list[PhotoLink]


class Step(Struct):
    """One step of a report in plain words; `on` is when it happened."""

    label: str
    on: datetime | None
    done: bool


class Receipt(Struct):
    """The office's word that a report is stored: 200 and 201 with this body are the only acknowledgement."""

    client_id: UUID
    receipt_number: str
    receipt_hash: str
    state: ObservationState
    missing: list[str]
    promised_on: date
    promise_words: str
    received_at: datetime
    version: int
    words: str


class ThreadLine(Struct):
    """A line between reporter and office; who of the office wrote it is not told."""

    from_office: bool
    text: str
    sent_at: datetime


class ObservationLine(Struct):
    """A report in the list of one's own."""

    client_id: UUID
    receipt_number: str
    state: ObservationState
    state_label: str
    words: str
    kind: ObservationKind
    text: str
    received_at: datetime
    ledger_number: str | None


class ObservationPage(Struct):
    """A page of one's own reports; ask again with `cursor` for the next."""

    items: list[ObservationLine]
    cursor: str | None


class PhotoKept(Struct):
    """The office has these bytes; `missing_in` names the reports that still wait for other photos."""

    sha256: str
    bytes: int
    missing_in: list[UUID]


class TaskLine(Struct):
    """A reform task to choose from."""

    id: UUID
    code: str
    measure: int
    name: str
    lead_unit: str
    due_on: date


class TaskPage(Struct):
    """The current task list of a year."""

    year: int
    items: list[TaskLine]


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
    """A page of the ledger, and how many items the filter finds in all."""

    items: list[LedgerLine]
    cursor: str | None
    total: int


class TimelineLine(Struct):
    """What happened to an item, in an official's words; the hour of `at` says nothing if `day_only`."""

    at: datetime
    day_only: bool
    words: str


class EvidenceCard(Struct):
    """What the unit handed in, with its photos by kind under signed links."""

    at: datetime
    words: str
    photos: list["EvidencePhotoCard"]


class EvidencePhotoCard(Struct):
    """One photo of evidence."""

    kind: EvidenceKind | None
    state: PhotoState
    links: list[PhotoLink]


class PendingRequest(Struct):
    """What the unit asked for and the office has not decided yet."""

    words: str
    asked_at: datetime
    until_on: date | None = None


class ReasonLine(Struct):
    """A reason of the catalogue: its name on a button, and the words that are read."""

    code: str
    label: str
    text: str


class LedgerItemCard(Struct):
    """A ledger item with its clock, its timeline, the steps of its state, and of them those open to who looks.

    `before` are the pictures of the matter as its reporters saw it, for those who may review reports. `causes`
    are the reasons to choose from, where who looks may give the item or its close-out back.
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
    """A step that was taken: the item as it now stands, and the digests of evidence still to be sent."""

    item: LedgerItemCard
    missing: list[str]


class Split(Struct):
    """The items that a split opened."""

    numbers: list[str]


class RecheckCard(Struct):
    """The question whether a reported matter is solved, and what was answered."""

    until_on: date
    answer: RecheckAnswer | None
    words: str


class InboxLine(Struct):
    """A message about something that concerns the person."""

    id: UUID
    title: str
    body: str
    subject_kind: str
    subject_id: UUID
    created_at: datetime
    read_at: datetime | None


class InboxPage(Struct):
    """A page of messages."""

    items: list[InboxLine]
    unread: int
    cursor: str | None


class PublicStatus(Struct):
    """What anybody with the receipt number may know: steps and dates, no content."""

    receipt_number: str
    state: ObservationState
    state_label: str
    words: str
    steps: list[Step]


def duty_cards(duties: Sequence[HeldDuty]) -> list[DutyCard]:
    """The duties as cards."""
    return [DutyCard(duty.role, duty.role.label, duty.title) for duty in duties]


def person_card(person: Person, duties: Sequence[HeldDuty]) -> PersonCard:
    """A person's own card."""
    return PersonCard(person.id, person.designation, duty_cards(duties))


def observation_line(observation: Observation, words: str) -> ObservationLine:
    """A report as a line of the list."""
    item = observation.ledger_item
    return ObservationLine(
        client_id=observation.client_id,
        receipt_number=observation.receipt_number,
        state=observation.state,
        state_label=observation.state.label,
        words=words,
        kind=observation.kind,
        text=observation.text,
        received_at=observation.received_at,
        ledger_number=item.number_text if item else None,
    )


def task_line(task: ReformTask) -> TaskLine:
    """A task as a line of the list."""
    return TaskLine(task.id, task.code, task.measure, task.name, task.lead_unit.short_name, task.due_on)


def ledger_line(item: LedgerItem, shine: Shine, *, to: Visitor) -> LedgerLine:
    """An item as a line of the ledger, in the light of today; when it was registered, as this person is told."""
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
        light=shine.light,
        light_words=shine.because,
        percent=item.percent,
        registered_at=registered_as_told(item, to=to),
    )


def inbox_line(message: InboxMessage) -> InboxLine:
    """A message as a line of the inbox."""
    return InboxLine(
        id=message.id,
        title=message.title,
        body=message.body,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        created_at=message.created_at,
        read_at=message.read_at,
    )
