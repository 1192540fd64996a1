"""Writes small important files: atomically, and readable only by their owner."""

import json
import os
from pathlib import Path
from typing import Any


def write_whole(file: Path, value: Any) -> None:
    """Write JSON, or text as it is; a reader sees the old file or the new one, never half of it."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as text:
        text.write(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2))
        text.flush()
        os.fsync(text.fileno())
    unfinished.rename(file)
