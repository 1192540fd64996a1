"""How keeping something can end."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What is durably stored: the digest and length of the plain bytes, and the key it lies under.

    `sealed_sha256` is of the sealed frames as they lie there, without the head, which a rotation of keys writes anew;
    empty if it is not sealed. So whoever has no keys can tell whether it is what was kept.
    """

    sha256: str
    bytes: int
    key: str
    sealed_sha256: str = ""


class DigestMismatch(Exception):
    """The bytes that came are not the bytes that were announced; `actual` is their SHA-256."""

    def __init__(self, actual: str) -> None:
        super().__init__(actual)
        self.actual = actual


class TooLarge(Exception):
    """More than `limit` bytes came; reading stopped there."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class DiskFull(Exception):
    """There is no room for this; nothing of it was left behind."""


class Missing(Exception):
    """Nothing lies under this key."""


class StorageDown(Exception):
    """The bucket does not answer as it should; the same may work later."""


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def room_expected() -> Iterator[None]:
    """Turn the system's ways to say "no room" into `DiskFull`."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise
