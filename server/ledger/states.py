"""The state machine of a ledger item: which state may follow which (domain-and-product §2.1). Pure.

scripts/words draws server/reference/states.md from this table.
"""

from models.vocabulary import LedgerState as S
from server.kernel.state_machine import StateMachine

MACHINE = StateMachine(
    {
        S.REGISTERED: {"dispatch": S.DISPATCHED, "merge": S.MERGED, "void": S.VOIDED},
        S.DISPATCHED: {"acknowledge": S.IN_PROGRESS, "return_back": S.REGISTERED, "merge": S.MERGED},
        S.IN_PROGRESS: {
            "request_close_out": S.CLOSING,
            "retain": S.RETAINED,
            "transfer": S.DISPATCHED,
            "merge": S.MERGED,
        },
        S.CLOSING: {
            "close_out": S.CLOSED,
            "reject": S.IN_PROGRESS,
            "reject_to_retained": S.RETAINED,
            "merge": S.MERGED,
        },
        S.RETAINED: {"resume": S.IN_PROGRESS, "request_close_out": S.CLOSING, "merge": S.MERGED},
        S.CLOSED: {"re_register": S.REGISTERED},
        S.MERGED: {},
        S.VOIDED: {},
    }
)

ENDED = (S.CLOSED, S.MERGED, S.VOIDED)
