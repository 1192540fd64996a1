"""Obligations (LED-14): what must be done how often, by whom, with what proof; one is opened for each period."""

from server.obligations.changing import add_cadence, change_cadence
from server.obligations.handing_in import (
    HandedIn,
    HandIn,
    WithdrawProof,
    hand_in,
    may_hand_in,
    prove,
    withdraw,
    withdraw_proofs,
)
from server.obligations.making import Made, Making, makes
from server.obligations.opening import Owed, open_day, open_for, open_if_due, open_rule
from server.obligations.periods import Span, words_of
from server.obligations.reading import (
    ObligationFilter,
    Standing,
    count_to_do,
    counts_of,
    hands_in_for,
    obligation_of_proof,
    obligation_seen_by,
    obligations_of,
    proof_ids_of,
    proofs_of,
    standings,
    visible,
)
from server.obligations.rules import (
    Cadences,
    NewCadence,
    PastRule,
    Rule,
    asked,
    history_of,
    rule_named,
    rules_in_force,
)
from server.obligations.settling import settle_reminders
from server.obligations.standing import DONE, kinds_of, times_words
from server.obligations.wall import Row, wall_of

__all__ = [
    "DONE",
    "Cadences",
    "HandIn",
    "HandedIn",
    "Made",
    "Making",
    "NewCadence",
    "ObligationFilter",
    "Owed",
    "PastRule",
    "Row",
    "Rule",
    "Span",
    "Standing",
    "WithdrawProof",
    "add_cadence",
    "asked",
    "change_cadence",
    "count_to_do",
    "counts_of",
    "hand_in",
    "hands_in_for",
    "history_of",
    "kinds_of",
    "makes",
    "may_hand_in",
    "obligation_of_proof",
    "obligation_seen_by",
    "obligations_of",
    "open_day",
    "open_for",
    "open_if_due",
    "open_rule",
    "proof_ids_of",
    "proofs_of",
    "prove",
    "rule_named",
    "rules_in_force",
    "settle_reminders",
    "standings",
    "times_words",
    "visible",
    "wall_of",
    "withdraw",
    "withdraw_proofs",
    "words_of",
]
