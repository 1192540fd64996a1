"""What a reporter notes to prove later that nobody changed the ledger: the day before's last block (decision 0020).

Everybody who looks on a day is shown the same block, so a paper with it tells nothing but that day: not when he
reported, and not when he looked.
"""

from dataclasses import dataclass
from datetime import datetime

from models import JournalEntry, Observation
from server import journal
from server.kernel.clock import SHANGHAI

SHOWN = 8  # signs of the hash: what `scripts/verify --seen` compares


@dataclass(frozen=True)
class Proof:
    """A block in the form that is noted and compared, and what it proves, in words; no block before the next day."""

    block: str | None
    words: str


async def proof_of(observation: Observation, *, now: datetime) -> Proof:
    """What a reporter is shown beside his receipt."""
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
