"""Response bodies shared by several resources, built field by field; no record is ever dumped whole."""

from datetime import date, datetime, time
from uuid import UUID

from msgspec import Struct

from models import Observation
from models.vocabulary import (
    ObservationKind,
    ObservationState,
    PhotoState,
)
from server.kernel.clock import SHANGHAI
from server.notifications.inbox import Message


class PhotoLink(Struct):
    """A rendition and its signed link, which expires within five minutes."""

    size: str
    width: int
    height: int
    url: str


class PhotoCard(Struct):
    """A photo of a report: whether it has arrived, whether it is readable, and links to view it."""

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
    """Confirms that a report is stored; only a 200 or 201 with this body is an acknowledgement."""

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
    """A message between the reporter and the office; the staff member who wrote it is not named."""

    from_office: bool
    text: str
    sent_at: datetime


class ObservationLine(Struct):
    """A report in its reporter's list."""

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
    """A page of the person's own reports; pass `cursor` to get the next one. The first one says thanks."""

    items: list[ObservationLine]
    cursor: str | None
    thanks: str


class PhotoKept(Struct):
    """The office has these bytes; `missing_in` names the reports that still wait for other photos."""

    sha256: str
    bytes: int
    missing_in: list[UUID]


class InboxLine(Struct):
    """A message about something that concerns the person."""

    id: UUID
    title: str
    body: str
    subject_kind: str
    subject_id: UUID
    created_at: datetime
    read_at: datetime | None  # midnight at the start of the day on which it was read


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


def observation_line(observation: Observation, words: str) -> ObservationLine:
    """Return a report as a line of its reporter's list."""
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


def inbox_line(message: Message) -> InboxLine:
    """Return a message as a line of the inbox."""
    return InboxLine(
        id=message.id,
        title=message.title,
        body=message.body,
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        created_at=message.created_at,
        read_at=datetime.combine(message.read_on, time(), SHANGHAI) if message.read_on else None,
    )
