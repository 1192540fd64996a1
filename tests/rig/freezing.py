"""A PostgreSQL that stops answering without dying: all its processes are stopped, and nothing is closed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def frozen(cluster: Path) -> Iterator[None]:
    """Freeze the server whose data is in `cluster` while this context is open."""
    postmaster = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    stopped = _stop_all(postmaster)
    try:
        yield
    finally:
        for pid in stopped:
            _send(pid, signal.SIGCONT)


def _stop_all(postmaster: int) -> list[int]:
    """Stop the main process first, so that it makes no child meanwhile."""
    _send(postmaster, signal.SIGSTOP)
    children = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    children = [pid for pid in children if _parent_of(pid) == postmaster]
    for pid in children:
        _send(pid, signal.SIGSTOP)
    return [postmaster, *children]


def _parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
