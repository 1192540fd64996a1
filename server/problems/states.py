"""Which state of a problem may follow which. Pure."""

from models.vocabulary import ProblemState as S

NEXT: dict[S, dict[str, S]] = {
    S.COLLECTED: {"triage": S.TRIAGED, "merge": S.MERGED},
    S.TRIAGED: {
        "triage": S.TRIAGED,
        "escalate": S.ESCALATED,
        "put_on_ledger": S.ON_LEDGER,
        "settle": S.SETTLED,
        "merge": S.MERGED,
    },
    S.ESCALATED: {"decide": S.ON_LEDGER},
    S.ON_LEDGER: {"settle": S.SETTLED},
    S.SETTLED: {},
    S.MERGED: {},
}
OPEN = (S.COLLECTED, S.TRIAGED, S.ESCALATED, S.ON_LEDGER)


def steps_from(state: S) -> list[str]:
    """The deeds that are legal in a state."""
    return list(NEXT[state])
