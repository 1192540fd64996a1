"""Escrow: identities locked for three key-holders, of whom any two open them (issue 9, who-reported §4)."""

from server.gateways.escrow.envelopes import (
    HOLDERS,
    Answer,
    Envelope,
    EnvelopeBroken,
    answer,
    read_identity,
    seal_identity,
    succeed,
    unpacked,
)
from server.gateways.escrow.keys import NotAKey, fingerprint, new_key, one_line, public_key
from server.gateways.escrow.papers import Opened, Request, answer_of, answer_text, envelope_of, envelope_text

__all__ = [
    "HOLDERS",
    "Answer",
    "Envelope",
    "EnvelopeBroken",
    "NotAKey",
    "Opened",
    "Request",
    "answer",
    "answer_of",
    "answer_text",
    "envelope_of",
    "envelope_text",
    "fingerprint",
    "new_key",
    "one_line",
    "public_key",
    "read_identity",
    "seal_identity",
    "succeed",
    "unpacked",
]
