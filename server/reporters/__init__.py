"""Reporters: the only package that knows who sent a report; its data reveals nothing without its keys (decision 0019).

A person's reports are found by their marks, a report's reporter by opening its box. All other code asks here: no
other table, file or log holds both a person and a report.
"""

from server.reporters.finding import Past, mine, past_of, reporter_of, reporters_of, sent_by
from server.reporters.forgetting import forget
from server.reporters.keys import unlock
from server.reporters.salting import drop_salts, give_salt, hand_over
from server.reporters.signing import lock_reporter, sign

__all__ = [
    "Past",
    "drop_salts",
    "forget",
    "give_salt",
    "hand_over",
    "lock_reporter",
    "mine",
    "past_of",
    "reporter_of",
    "reporters_of",
    "sent_by",
    "sign",
    "unlock",
]
