"""Sealed reports: a report without a reporter, and an envelope that two of three key holders open together."""

from server.gateways.escrow import fingerprint
from server.sealed.acting import answer_recheck, say, withdraw
from server.sealed.commands import SubmitSealed, hour_of
from server.sealed.destroying import destroy_envelopes
from server.sealed.drilling import answer_drill, begin_drill, drill_of, due_since, paper_of
from server.sealed.entering import enter_arrivals
from server.sealed.envelopes import rotate
from server.sealed.keysets import current, earlier, fingerprints, set_up
from server.sealed.opening import (
    Wish,
    ask,
    lay_answer,
    offices_that_agreed,
    opening,
    openings,
    package_of,
    request_of,
)
from server.sealed.reading import access_by, is_entered, observation_behind, openings_of
from server.sealed.receiving import receive_photo
from server.sealed.restoring import restore
from server.sealed.submitting import Sealed, submit
from server.sealed.succeeding import Leaving, leavings, paper_for, take_over
from server.sealed.tickets import forget_days, todays_tickets

__all__ = [
    "Leaving",
    "Sealed",
    "SubmitSealed",
    "Wish",
    "access_by",
    "answer_drill",
    "answer_recheck",
    "ask",
    "begin_drill",
    "current",
    "destroy_envelopes",
    "drill_of",
    "due_since",
    "earlier",
    "enter_arrivals",
    "fingerprint",
    "fingerprints",
    "forget_days",
    "hour_of",
    "is_entered",
    "lay_answer",
    "leavings",
    "observation_behind",
    "offices_that_agreed",
    "opening",
    "openings",
    "openings_of",
    "package_of",
    "paper_for",
    "paper_of",
    "receive_photo",
    "request_of",
    "restore",
    "rotate",
    "say",
    "set_up",
    "submit",
    "take_over",
    "todays_tickets",
    "withdraw",
]
