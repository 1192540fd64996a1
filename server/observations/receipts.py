"""Receipts: what proves to a reporter that the office has his report, word for word. Pure but for the dice."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

import msgspec

from server.kernel.text import CODE_LETTERS, RECEIPT_LENGTH
from server.observations.commands import SubmitObservation


def new_receipt_number() -> str:
    """A number that tells nothing about when or by whom: 7KQ4M-2XPRT."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(RECEIPT_LENGTH)]
    return f"{''.join(letters[:5])}-{''.join(letters[5:])}"


def body_digest(command: SubmitObservation) -> str:
    """The SHA-256 of a body in canonical form: absent optional fields and null are the same."""
    return hashlib.sha256(msgspec.json.encode(command, order="sorted")).hexdigest()


def receipt_hash(
    command: SubmitObservation, *, client_id: UUID | None, number: str, received_at: datetime
) -> str:
    """The SHA-256 a phone can recompute from its own draft and the receipt.

    Over these lines joined with a line feed, in UTF-8: receipt number, client id, time of receipt in whole
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
    """The names of the fields in which two bodies differ."""
    return sorted(name for name in sent.keys() | kept.keys() if sent.get(name) != kept.get(name))
