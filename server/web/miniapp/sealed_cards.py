"""A sealed report as its reporter sees it, and the receipt for one: hours and days, and no name of a phone's."""

from datetime import date, datetime

from msgspec import Struct

from models.vocabulary import Anonymity, ObservationKind, ObservationState, RecheckAnswer
from server.web.miniapp.cards import Step, ThreadLine


class SealedReceipt(Struct):
    """The office's word that a sealed report is stored; `received_at` is the hour, as all of its times are."""

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
    """A sealed report as whoever has its capability sees it."""

    receipt_number: str
    receipt_hash: str
    block: str | None  # the last of yesterday, if it commits to this report: to be noted
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
    """The office has these bytes; `missing` names what it still waits for."""

    missing: list[str]


class Tickets(Struct):
    """Today's tickets for sealed reports; empty when they were given out, or where the tier is not offered."""

    tickets: list[str]


class WhoSees(Struct):
    """Whether somebody learns who reported, and how it stands."""

    who: str
    sees: bool
    words: str


class TierCard(Struct):
    """A tier: its promise, and line by line who sees what; `is_offered` where it can be chosen."""

    value: Anonymity
    label: str
    promise: str
    is_offered: bool
    lines: list[WhoSees]


class AnonymityTiers(Struct):
    """All tiers, and what none of them can promise."""

    tiers: list[TierCard]
    cannot: list[str]
