"""Tracks who uses the database folder, with locks that the kernel releases however their holder dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from server.trial.account import Account


class Sharing:
    """Three locks in one folder: one starter at a time, the remaining starters, the running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._membership: int | None = None

    @contextlib.contextmanager
    def one_at_a_time(self, account: Account) -> Iterator[None]:
        """Wait until nobody else is starting or stopping the server, and keep others out."""
        with self._opened("starting.lock", account) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def join(self) -> None:
        """Count as a user of the server, until `leave` or death."""
        if self._membership is None:
            self._membership = os.open(self._folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._membership, fcntl.LOCK_SH)

    def leave(self) -> None:
        if self._membership is not None:
            os.close(self._membership)
            self._membership = None

    def is_unused(self, account: Account) -> bool:
        """Whether no starter is left."""
        return self._is_free("users.lock", account)

    def is_server_gone(self, account: Account) -> bool:
        """Whether no server process is left, not even one that this container cannot see."""
        return self._is_free("server.lock", account)

    @contextlib.contextmanager
    def held_by_server(self, account: Account) -> Iterator[int]:
        """Yield a locked file to pass to the server: all its processes inherit the lock."""
        with self._opened("server.lock", account) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lock

    def _is_free(self, name: str, account: Account) -> bool:
        with self._opened(name, account) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    @contextlib.contextmanager
    def _opened(self, name: str, account: Account) -> Iterator[int]:
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            account.take(self._folder / name)
            yield descriptor
        finally:
            os.close(descriptor)
