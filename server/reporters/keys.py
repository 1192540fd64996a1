"""The keys of this process: like the database password, they are set once by the code that starts it."""

from server.gateways.sealing import KeyRing, MarkKeys

_marks: MarkKeys | None = None
_ring: KeyRing | None = None


class Locked(RuntimeError):
    """The keys were not set at start: a programming error."""


def unlock(marks: MarkKeys, *, ring: KeyRing) -> None:
    """Enable this process to find reporters: `marks` makes marks and boxes, `ring` opens people's salts."""
    global _marks, _ring
    _marks, _ring = marks, ring


def mark_keys() -> MarkKeys:
    """Return the keys that make marks and boxes and open the latter."""
    if _marks is None:
        raise Locked
    return _marks


def key_ring() -> KeyRing:
    """Return the key ring that seals and opens salts."""
    if _ring is None:
        raise Locked
    return _ring
