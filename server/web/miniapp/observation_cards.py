"""A report as its reporter sees it: its outcome, the conversation about it, and questions to the reporter."""

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
    block: str | None  # yesterday's last block, if it commits to this report; worth writing down
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
    sent: SubmitObservation  # as last sent by the phone; amending sends it again with changes
    thread: list[ThreadLine]
