"""The proof a reporter notes to show later that the ledger was not changed: yesterday's last block (decision 0020).

Everybody who looks on the same day sees the same block, so a note of it reveals only that day: neither when they
reported nor at what time they looked.
"""

from dataclasses import dataclass
from datetime import datetime

from models import JournalEntry, Observation
from server import journal
from server.kernel.clock import SHANGHAI

SHOWN = 8  # characters of the hash: what `scripts/verify --seen` compares


@dataclass(frozen=True)
class Proof:
    """A block in the form that is noted down and compared, and what it proves, in words; empty until the next day."""

    block: str | None
    words: str


async def proof_of(observation: Observation, *, now: datetime) -> Proof:
    """Return the proof shown to a reporter beside their receipt."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    last = await journal.last_block_before(midnight)
    entry = await JournalEntry.filter(subject_id=observation.id, event="observation.submitted").first()
    own = (await journal.blocks_of([entry])).get(entry.id) if entry else None
    if last is None or own is None or own.number > last.number:
        return Proof(None, "明天再来看，这里会有存证号。抄下它，以后这份上报要是被改动过，一核就能查出来。")
    block = f"{last.number}:{last.hash[:SHOWN]}"
    return Proof(
        block,
        f"存证号 {block}（截至今天零点）。请和回执编号一起抄下：以后这份上报要是被改动过，用它一核就能查出来。",
    )
