"""Where an obligation stands: derived from how many proofs count, how many of them came in time, and the day. Pure."""

from datetime import date

from models import Obligation
from models.vocabulary import ObligationState as S
from models.vocabulary import ProofKind

KINDS = {kind.value: kind for kind in ProofKind}
DONE = (S.MET, S.MET_LATE, S.ABOVE_RANGE)


def state_of(owed: Obligation, *, in_time: int, proofs: int, today: date) -> S:
    """Return the state; late proofs never make an obligation met in time, and too many are no fault."""
    if proofs < owed.least:
        if today > owed.due_on:
            return S.UNMET
        return S.DUE_SOON if today >= owed.soon_on else S.OPEN
    if in_time < owed.least:
        return S.MET_LATE
    return S.ABOVE_RANGE if owed.most is not None and proofs > owed.most else S.MET


def times_words(least: int, most: int | None) -> str:
    """Say how many times are asked: 至少1次, 1至2次, 2次."""
    if most is None:
        return f"至少{least}次"
    return f"{least}次" if most == least else f"{least}至{most}次"


def kinds_of(owed: Obligation) -> list[ProofKind]:
    """Return the kinds of proof that count for an obligation."""
    return [KINDS[kind] for kind in owed.proofs if kind in KINDS]
