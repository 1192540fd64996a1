"""What travels between the server and the holders' machines: a request, answers, and what the reader opens. JSON."""

from base64 import b64decode, b64encode

import msgspec
from msgspec import Struct

from server.gateways.escrow.envelopes import Answer, Envelope, EnvelopeBroken, Halves, unpacked


class Request(Struct, frozen=True, kw_only=True):
    """A request to open an envelope, as a holder reads it before he agrees."""

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
    """An envelope with two answers: what the named reader opens."""

    envelope: str
    answers: tuple[str, str]


class HandOver(Struct, frozen=True, kw_only=True):
    """What a leaving holder takes home: his halves of many envelopes, and to whom they go. It comes back alike."""

    letter: str
    successor: str  # office and name
    successor_key: str
    halves: list[Halves]


class Drill(Struct, frozen=True, kw_only=True):
    """What a holder opens once a month to show that his key is there: his halves of an envelope of nobody."""

    letter: str
    began_on: str
    halves: Halves


def envelope_text(envelope: Envelope) -> str:
    """An envelope as text."""
    return b64encode(envelope.packed()).decode()


def envelope_of(text: str, *, digest: str | None = None) -> Envelope:
    """The envelope in text; raises EnvelopeBroken, also when it is not the one that a digest names."""
    try:
        envelope = unpacked(b64decode("".join(text.split()), validate=True))
    except ValueError as error:
        raise EnvelopeBroken from error
    if digest is not None and envelope.digest() != digest:
        raise EnvelopeBroken
    return envelope


def answer_text(answer: Answer) -> str:
    """An answer as text, to be pasted."""
    return b64encode(msgspec.msgpack.encode(answer)).decode()


def answer_of(text: str) -> Answer:
    """The answer in pasted text; raises EnvelopeBroken."""
    try:
        return msgspec.msgpack.decode(b64decode("".join(text.split()), validate=True), type=Answer)
    except (ValueError, msgspec.MsgspecError) as error:
        raise EnvelopeBroken from error
