"""Receipts: proof for the reporter that the office has their report, word for word. Pure except for randomness."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import msgspec

from server.kernel.text import CODE_LETTERS, RECEIPT_LENGTH
from server.observations.commands import SubmitObservation

CAME_LATER = frozenset({"category"})


def new_receipt_number() -> str:
    """Return a random receipt number that says nothing about the time or the reporter: 7KQ4M-2XPRT."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(RECEIPT_LENGTH)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"


def body_digest(command: SubmitObservation) -> str:
    """Return the SHA-256 of a body in canonical form, where an absent optional field equals null.

    A field that came later counts only where it is filled, so that a draft sent before it came is still the same.
    """
    told = msgspec.to_builtins(command)
    canonical = {name: value for name, value in told.items() if value is not None or name not in CAME_LATER}
    return hashlib.sha256(msgspec.json.encode(canonical, order="sorted")).hexdigest()


def receipt_hash(
    command: SubmitObservation, *, client_id: UUID | None, number: str, received_at: datetime
) -> str:
    """Return the SHA-256 that a phone can recompute from its own draft and the receipt.

    The input is these lines joined by line feeds, in UTF-8: receipt number, client id, time of receipt in whole
    seconds since 1970, kind, text, then the digest of each photo in order. A sealed report has no client id.
    """
    lines = [
        number,
        *([str(client_id)] if client_id else []),
        str(int(received_at.timestamp())),
        command.kind,
        command.text,
    ]
    lines += [photo.sha256 for photo in command.photos]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differing_fields(sent: dict[str, object], kept: dict[str, object]) -> list[str]:
    """Return the names of the fields in which two bodies differ."""
    return sorted(name for name in sent.keys() | kept.keys() if sent.get(name) != kept.get(name))
