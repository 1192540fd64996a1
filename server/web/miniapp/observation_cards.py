"""A report as its reporter sees it: what became of it, what was said about it, and what he is asked."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models.vocabulary import Anonymity, ObservationKind, ObservationState
from server.observations import SubmitObservation
from server.web.miniapp.cards import PhotoCard, Step, ThreadLine
from server.web.miniapp.recheck_cards import RecheckAsked


class ObservationCard(Struct):
    """A report as its reporter sees it."""

    client_id: UUID
    receipt_number: str
    receipt_hash: str
    block: str | None  # the last of yesterday, if it commits to this report: to be noted
    block_words: str
    state: ObservationState
    state_label: str
    words: str
    kind: ObservationKind
    text: str
    anonymity: Anonymity
    place_name: str
    task_id: UUID | None
    written_at: datetime | None
    received_at: datetime
    promised_on: date
    promise_words: str
    version: int
    reply: str
    ledger_number: str | None
    missing: list[str]
    photos: list[PhotoCard]
    steps: list[Step]
    recheck: RecheckAsked | None
    sent: SubmitObservation  # as the phone sent it last: amending sends it again, changed
    thread: list[ThreadLine]
