"""The problem banks of four levels: intake, triage, escalation, and the commission's decision (M11, PRB)."""

from server.problems.banks import LEVELS, city_of
from server.problems.counting import broken_banks
from server.problems.escalating import Decision, decide, escalate
from server.problems.placing import Dispatch, put_on_ledger
from server.problems.reading import (
    UNTOUCHED_FOR,
    ProblemFilter,
    agenda,
    agenda_of,
    count_of,
    deeds_of,
    page_of,
    problem_by_number,
    problem_seen_by,
    problems_from,
    sources_of,
    wanted,
)
from server.problems.states import MACHINE
from server.problems.taking_in import BY_HAND, NewProblem, Source, bank_kept_by, take_in
from server.problems.triaging import Triage, follow_up, merge, settle, triage

__all__ = [
    "BY_HAND",
    "LEVELS",
    "MACHINE",
    "UNTOUCHED_FOR",
    "Decision",
    "Dispatch",
    "NewProblem",
    "ProblemFilter",
    "Source",
    "Triage",
    "agenda",
    "agenda_of",
    "bank_kept_by",
    "broken_banks",
    "city_of",
    "count_of",
    "decide",
    "deeds_of",
    "escalate",
    "follow_up",
    "merge",
    "page_of",
    "problem_by_number",
    "problem_seen_by",
    "problems_from",
    "put_on_ledger",
    "settle",
    "sources_of",
    "take_in",
    "triage",
    "wanted",
]
