"""What travels between the server and the holders' machines, as JSON: a request, answers, the reader's package."""

from base64 import b64decode, b64encode

import msgspec
from msgspec import Struct

from server.gateways.escrow.envelopes import Answer, Envelope, EnvelopeBroken, Halves, unpacked


class Request(Struct, frozen=True, kw_only=True):
    """A request to open an envelope, as a holder reads it before agreeing."""

    receipt_number: str
    reason: str
    words: str
    file_number: str
    asked_on: str
    reader_name: str
    reader_key: str
    digest: str
    envelope: str


class Opened(Struct, frozen=True, kw_only=True):
    """An envelope with two answers, for the named reader to open."""

    envelope: str
    answers: tuple[str, str]


class HandOver(Struct, frozen=True, kw_only=True):
    """What a leaving holder takes home: their halves of many envelopes, and the successor. Comes back in this form."""

    letter: str
    successor: str  # office and name
    successor_key: str
    halves: list[Halves]


class Drill(Struct, frozen=True, kw_only=True):
    """What a holder opens once a month to show that their key is there: their halves of an envelope of nobody."""

    letter: str
    began_on: str
    halves: Halves


def envelope_text(envelope: Envelope) -> str:
    """Return an envelope as text."""
    return b64encode(envelope.packed()).decode()


def envelope_of(text: str, *, digest: str | None = None) -> Envelope:
    """Parse an envelope from text; raises EnvelopeBroken, also if it is not the one that `digest` names."""
    try:
        envelope = unpacked(b64decode("".join(text.split()), validate=True))
    except ValueError as error:
        raise EnvelopeBroken from error
    if digest is not None and envelope.digest() != digest:
        raise EnvelopeBroken
    return envelope


def answer_text(answer: Answer) -> str:
    """Return an answer as text for pasting."""
    return b64encode(msgspec.msgpack.encode(answer)).decode()


def answer_of(text: str) -> Answer:
    """Parse an answer from pasted text; raises EnvelopeBroken."""
    try:
        return msgspec.msgpack.decode(b64decode("".join(text.split()), validate=True), type=Answer)
    except (ValueError, msgspec.MsgspecError) as error:
        raise EnvelopeBroken from error
