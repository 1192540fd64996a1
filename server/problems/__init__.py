"""The problem banks of four levels: intake, triage, escalation, and the commission's decision (M11, PRB)."""

from server.problems.actions import ACTIONS, ProblemAction, actions_open_to
from server.problems.banks import LEVELS, city_of
from server.problems.commands import Dispatch, Triage
from server.problems.counting import broken_banks
from server.problems.escalating import decide, escalate
from server.problems.placing import put_on_ledger
from server.problems.reading import (
    UNTOUCHED_FOR,
    ProblemFilter,
    agenda,
    agenda_of,
    count_of,
    page_of,
    problem_by_number,
    problem_seen_by,
    problems_from,
    sources_of,
    wanted,
)
from server.problems.recurring import CauseGroup, Recurrence, causes_of, recurrences_of
from server.problems.states import MACHINE
from server.problems.taking_in import BY_HAND, NewProblem, Source, bank_kept_by, take_in
from server.problems.triaging import follow_up, merge, settle, triage

__all__ = [
    "ACTIONS",
    "BY_HAND",
    "LEVELS",
    "MACHINE",
    "UNTOUCHED_FOR",
    "CauseGroup",
    "Dispatch",
    "NewProblem",
    "ProblemAction",
    "ProblemFilter",
    "Recurrence",
    "Source",
    "Triage",
    "actions_open_to",
    "agenda",
    "agenda_of",
    "bank_kept_by",
    "broken_banks",
    "causes_of",
    "city_of",
    "count_of",
    "decide",
    "escalate",
    "follow_up",
    "merge",
    "page_of",
    "problem_by_number",
    "problem_seen_by",
    "problems_from",
    "put_on_ledger",
    "recurrences_of",
    "settle",
    "sources_of",
    "take_in",
    "triage",
    "wanted",
]
