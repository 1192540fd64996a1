"""The keys of this process: they belong to its database as the password does, so a starter hands them in once."""

from server.gateways.sealing import KeyRing, MarkKeys

_marks: MarkKeys | None = None
_ring: KeyRing | None = None


class Locked(RuntimeError):
    """A starter forgot to hand in the keys: a fault of ours."""


def unlock(marks: MarkKeys, *, ring: KeyRing) -> None:
    """Let this process find reporters: `marks` makes marks and boxes, `ring` opens the salts of people."""
    global _marks, _ring
    _marks, _ring = marks, ring


def mark_keys() -> MarkKeys:
    """What makes and opens marks and boxes."""
    if _marks is None:
        raise Locked
    return _marks


def key_ring() -> KeyRing:
    """What seals and opens salts."""
    if _ring is None:
        raise Locked
    return _ring
