"""A disk that fills up and gets room again: a tmpfs that is resized during use."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOMY = 1 << 30


class SmallDisk:
    """A separate disk at `place`; it uses memory only for its content."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self, *, leave: int) -> None:
        """Shrink the disk so that this many bytes are left."""
        for _ in range(20):
            facts = os.statvfs(self.place)
            used = (facts.f_blocks - facts.f_bfree) * facts.f_frsize
            try:
                _run("mount", "-o", f"remount,size={max(used + leave, facts.f_frsize)}", str(self.place))
            except subprocess.CalledProcessError:  # somebody wrote between the look and the shrinking
                continue
            return
        raise RuntimeError("the disk never held still long enough to be shrunk")

    def make_room(self) -> None:
        """Restore the disk's original size."""
        _run("mount", "-o", f"remount,size={ROOMY}", str(self.place))


@contextmanager
def small_disk(place: Path) -> Iterator[SmallDisk]:
    """Mount a roomy disk that can be filled; raises RuntimeError if this account may not mount one."""
    place.mkdir(parents=True)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={ROOMY},mode=0755", "tmpfs", str(place))
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise RuntimeError(
            f"a full disk can only be tried where a tmpfs may be mounted (as root): {said}"
        ) from None
    try:
        yield SmallDisk(place)
    finally:
        _run("umount", "-l", str(place))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
