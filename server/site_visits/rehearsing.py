"""A reveal to practise with: as many invented names and scores as there are stops, with a tie. Pure."""

from decimal import Decimal

from server.scoring import EntryResult, RevealStep, reveal_script

BEST, GAP = Decimal("95.50"), Decimal("1.25")
TIED = 2  # the second and the third, where there are as many


def rehearsal(entries: int) -> list[RevealStep]:
    """Return the steps of a rehearsed reveal; its entries are their own names."""
    return reveal_script([_invented(number) for number in range(1, entries + 1)])


def _invented(number: int) -> EntryResult:
    place = TIED if number == TIED + 1 else number
    return EntryResult(f"示例点位{number}", str(BEST - GAP * (place - 1)), place, [])
