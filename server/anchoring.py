"""Anchors: the journal's head, written to a file that the database can't change.

Whoever rewrites the whole chain or cuts its tail is shown by an anchor from before (reliability R4.5). Ship
the file to another host; scripts/verify reads it.
"""

import json
from datetime import datetime
from pathlib import Path

from models import JournalHead


async def anchor(path: Path, *, now: datetime) -> int:
    """Append number and hash of the last entry to the file, flushed to disk; returns the number."""
    head = await JournalHead.get(id=1)
    line = json.dumps({"at": now.isoformat(), "id": head.last_id, "hash": head.last_hash})
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
    number: int = head.last_id
    return number
