"""Sealing: all the cryptography that stored data knows. Nobody else imports the library.

A `KeyRing` seals fields and answers equality searches; streams are sealed frame by frame with a key of
their own, which the ring wraps. Every sealed thing says its suite and key, so keys and suites can change.
`MarkKeys`, with keys of their own, keep a report and its reporter together.
"""

from server.gateways.sealing.marks import Inside, MarkKeys, new_salt
from server.gateways.sealing.ring import KeyRing
from server.gateways.sealing.streams import (
    LONGEST_HEAD,
    Sealer,
    Unsealer,
    head_length,
    rewrap_chunks,
    seal_chunks,
    unseal_chunks,
)
from server.gateways.sealing.suites import AES, SM4, SUITES, SealBroken, Suite

__all__ = [
    "AES",
    "LONGEST_HEAD",
    "SM4",
    "SUITES",
    "Inside",
    "KeyRing",
    "MarkKeys",
    "SealBroken",
    "Sealer",
    "Suite",
    "Unsealer",
    "head_length",
    "new_salt",
    "rewrap_chunks",
    "seal_chunks",
    "unseal_chunks",
]
