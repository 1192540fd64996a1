"""The result of a verification: faults and hints in Chinese, and how much was checked."""

import hashlib
import sys
from collections import Counter
from dataclasses import dataclass, field

BATCH = 2000  # rows per fetch


@dataclass(frozen=True)
class Changed:
    """A row that differs from the ledger; `version` is the number of its last version, if it has one."""

    table: str
    key: str
    how: str
    version: int | None


@dataclass
class Result:
    """All findings. Without faults, everything is correct."""

    faults: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    rows: list[Changed] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    blocks: dict[int, str] = field(default_factory=dict)  # the hash of each
    summary: str = ""


class Progress:
    """Progress on a terminal; silent elsewhere."""

    def __init__(self, *, is_shown: bool = False) -> None:
        self._is_shown = is_shown

    def tell(self, what: str, done: int, total: int) -> None:
        """Draw a bar; call it every few thousand rows."""
        if self._is_shown:
            share = min(1.0, done / total) if total else 1.0
            bar = "█" * round(share * 20)
            sys.stderr.write(f"\r核验{what} {bar:░<20} {share:4.0%}  {done}/{total}   ")
            sys.stderr.flush()

    def end(self) -> None:
        if self._is_shown:
            sys.stderr.write("\n")


def sha(data: bytes) -> bytes:
    """Return the SHA-256."""
    return hashlib.sha256(data).digest()
