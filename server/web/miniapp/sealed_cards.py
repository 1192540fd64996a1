"""Sealed reports and their receipts as the reporter sees them: hours and days only, nothing that identifies a phone."""

from datetime import date, datetime

from msgspec import Struct

from models.vocabulary import Anonymity, ObservationKind, ObservationState, RecheckAnswer
from server.web.miniapp.cards import Step, ThreadLine


class SealedReceipt(Struct):
    """Confirms that a sealed report is stored; `received_at`, like all its times, tells only the hour."""

    receipt_number: str
    receipt_hash: str
    state: ObservationState
    missing: list[str]
    promised_on: date
    promise_words: str
    received_at: datetime
    words: str


class SealedRecheck(Struct):
    """Whether the matter is solved on the spot."""

    until_on: date
    answer: RecheckAnswer | None
    is_open: bool
    words: str


class EnvelopeOpened(Struct):
    """When an envelope was opened, why, and with whose agreement."""

    opened_on: date
    words: str


class SealedCard(Struct):
    """A sealed report as the holder of its capability sees it."""

    receipt_number: str
    receipt_hash: str
    block: str | None  # yesterday's last block, if it commits to this report; worth writing down
    block_words: str
    state: ObservationState
    state_label: str
    words: str
    kind: ObservationKind
    text: str
    place_name: str
    received_at: datetime
    promised_on: date
    promise_words: str
    reply: str
    ledger_number: str | None
    missing: list[str]
    photos: int
    is_entered: bool
    steps: list[Step]
    recheck: SealedRecheck | None
    thread: list[ThreadLine]
    openings: list[EnvelopeOpened]


class SealedPhotoKept(Struct):
    """The office has these bytes; `missing` names the photos it still waits for."""

    missing: list[str]


class Tickets(Struct):
    """Today's tickets for sealed reports; empty if already given out, or where the tier is not offered."""

    tickets: list[str]


class WhoSees(Struct):
    """Whether a party learns who reported, and under what conditions."""

    who: str
    sees: bool
    words: str


class TierCard(Struct):
    """A tier: its promise and, line by line, who sees what; `is_offered` tells whether it can be chosen."""

    value: Anonymity
    label: str
    promise: str
    is_offered: bool
    lines: list[WhoSees]


class AnonymityTiers(Struct):
    """All tiers, and what none of them can promise."""

    tiers: list[TierCard]
    cannot: list[str]
