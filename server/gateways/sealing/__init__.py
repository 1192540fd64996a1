"""Sealing: all cryptography for stored data. No other package imports the library for it.

A `KeyRing` seals fields and answers equality searches; streams are sealed frame by frame with their own key,
which the ring wraps. Every sealed value names its suite and key, so keys and suites can change.
`MarkKeys`, with their own keys, connect a report with its reporter.
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
