"""Marks and boxes: they connect a report with its reporter so that only the keys can join the two.

A mark is found from the person's side, a box is opened from the report's side. Neither says anything without a key.
"""

import hmac
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from os import urandom
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.gateways.sealing.ring import KEY_BYTES, KEY_ID
from server.gateways.sealing.suites import AES, NONCE_BYTES, SUITES, SealBroken, Suite, opened

SALT_BYTES = 16
INSIDE = struct.Struct(">16sHI")


@dataclass(frozen=True, slots=True)
class Inside:
    """What a box holds: the salt of the reporter's mark, the report's month and its number within that month.

    Months count from the year 0, so that they are consecutive: 2026-11 is 24322.
    """

    salt_id: UUID
    month: int
    number: int


class MarkKeys:
    """The keys of marks and boxes by id: `current` makes new ones and all keys find old ones.

    Keys have at least 32 bytes, ids up to 16 letters, digits or hyphens; anything else is a ValueError.
    """

    def __init__(self, keys: Mapping[str, bytes], *, current: str, suite: Suite = AES) -> None:
        for key_id, key in keys.items():
            if not KEY_ID.fullmatch(key_id) or len(key) < KEY_BYTES:
                raise ValueError(f"key {key_id!r} is malformed or shorter than {KEY_BYTES} bytes")
        if current not in keys:
            raise ValueError(f"current key {current!r} is not among the keys")
        self.current = current
        self.suite = suite
        self._marks = {key_id: _derived(key, "mark", KEY_BYTES) for key_id, key in keys.items()}
        self._lines = {key_id: _derived(key, "line", KEY_BYTES) for key_id, key in keys.items()}
        self._boxes = {
            (one.number, key_id): one.cipher(_derived(key, f"box {one.name}", one.key_bytes))
            for one in SUITES.values()
            for key_id, key in keys.items()
        }

    def __repr__(self) -> str:
        return f"<MarkKeys current={self.current}>"  # never the keys

    def mark(self, salt: bytes, *, month: int, number: int) -> bytes:
        """Return the mark of one report under the current key."""
        return _mark(self._marks[self.current], salt, month, number)

    def marks(self, salt: bytes, *, months: Iterable[int], numbers: range) -> dict[bytes, tuple[int, int]]:
        """Return the marks of some months and numbers under every key, with month and number."""
        return {
            _mark(key, salt, month, number): (month, number)
            for key in self._marks.values()
            for month in months
            for number in numbers
        }

    def box(self, inside: Inside, *, bound_to: UUID) -> bytes:
        """Seal who reported, bound to the report; always 51 bytes."""
        nonce = urandom(NONCE_BYTES)
        plain = INSIDE.pack(inside.salt_id.bytes, inside.month, inside.number)
        aead = self._boxes[self.suite.number, self.current]
        head = bytes([self.suite.number])
        return head + nonce + aead.encrypt(nonce, plain, _associated(head, self.current, bound_to))

    def open(self, box: bytes, *, key_id: str, bound_to: UUID) -> Inside:
        """Open a box; raises SealBroken for another report's box or a missing key."""
        head, nonce, sealed = box[:1], box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :]
        aead = self._boxes.get((head[0], key_id)) if head else None
        if aead is None:
            raise SealBroken(f"no key {key_id!r} for boxes")
        plain = opened(aead, nonce, box=sealed, bound_to=_associated(head, key_id, bound_to))
        salt_id, month, number = INSIDE.unpack(plain)
        return Inside(UUID(bytes=salt_id), month, number)

    def lines(self, person_id: UUID) -> list[int]:
        """Return the lock numbers that serialise one person's actions: one per key, in the same order for all.

        Two processes that share any key, as during a key rotation, wait for each other.
        """
        found = (hmac.digest(key, person_id.bytes, sha256)[:8] for key in self._lines.values())
        return sorted(int.from_bytes(digest, "big", signed=True) for digest in found)


def new_salt() -> bytes:
    """Generate the salt from which a person's marks are made."""
    return urandom(SALT_BYTES)


def _mark(key: bytes, salt: bytes, month: int, number: int) -> bytes:
    return hmac.digest(key, salt + struct.pack(">HI", month, number), sha256)


def _derived(key: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"duchatong reporter {purpose}".encode()).derive(key)


def _associated(head: bytes, key_id: str, bound_to: UUID) -> bytes:
    return head + key_id.encode() + b"." + bound_to.bytes
