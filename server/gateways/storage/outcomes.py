"""The possible outcomes of storing something."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What is durably stored: digest and length of the plain bytes, and their key.

    `sealed_sha256` is the digest of the stored frames, without the head, which a key rotation rewrites; empty if not
    sealed. It lets anyone without keys check that the stored bytes are unchanged.
    """

    sha256: str
    bytes: int
    key: str
    sealed_sha256: str = ""


class DigestMismatch(Exception):
    """The bytes received are not the bytes announced; `actual` is their SHA-256."""

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
    """Nothing is stored under this key."""


class StorageDown(Exception):
    """The bucket does not answer properly; the same request may work later."""


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def room_expected() -> Iterator[None]:
    """Turn the system's errors for "no room" into `DiskFull`."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull from error
        raise
