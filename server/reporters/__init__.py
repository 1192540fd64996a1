"""Reporters: the only room that knows who sent a report. Nothing it keeps tells without its keys (decision 0019).

From a person's side a report is found by its mark, from the report's side its box is opened. Whoever needs either
asks here; no other table, file or log holds both a person and a report.
"""

from server.reporters.finding import known_since, mine, reporter_of, reporters_of, sent_by
from server.reporters.forgetting import forget
from server.reporters.keys import unlock
from server.reporters.salting import drop_salts, give_salt, hand_over
from server.reporters.signing import lock_reporter, sign

__all__ = [
    "drop_salts",
    "forget",
    "give_salt",
    "hand_over",
    "known_since",
    "lock_reporter",
    "mine",
    "reporter_of",
    "reporters_of",
    "sent_by",
    "sign",
    "unlock",
]
