"""The legal state transitions of a problem. Pure."""

from models.vocabulary import ProblemState as S
from server.kernel.state_machine import StateMachine

MACHINE = StateMachine(
    {
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
)
OPEN = (S.COLLECTED, S.TRIAGED, S.ESCALATED, S.ON_LEDGER)
