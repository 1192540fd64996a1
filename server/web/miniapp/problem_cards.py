"""Problems as a bank's staff see them."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from models import AgendaEntry, JournalEntry, Problem, ProblemSource
from models.vocabulary import (
    BankLevel,
    Difficulty,
    ProblemCause,
    ProblemKind,
    ProblemSourceKind,
    ProblemState,
    Solver,
)
from server import problems
from server.kernel.clock import business_date
from server.notifications import inbox
from server.web.miniapp.ledger_cards import TimelineLine


class ProblemLine(Struct):
    """A problem in a list."""

    id: UUID
    number: str
    title: str
    state: ProblemState
    state_label: str
    level: BankLevel
    level_label: str
    bank: str
    origin: str
    place_name: str
    collected_on: date
    touched_on: date


class ProblemPage(Struct):
    """A page of problems and the total number the filter matches."""

    items: list[ProblemLine]
    cursor: UUID | None
    total: int


class SourceLine(Struct):
    """Where a problem comes from; the id is given only if the reader may follow it."""

    kind: ProblemSourceKind
    label: str
    source_id: UUID | None
    words: str


class AgendaLine(Struct):
    """A request put to the commission, and its decision."""

    request: str
    asked_on: date
    state_label: str
    decision: str
    decided_on: date | None
    ledger_item_id: UUID | None
    ledger_number: str | None


class ProblemCard(Struct):
    """A problem with its sources, its requests to the commission, its history and the next allowed steps."""

    line: ProblemLine
    summary: str
    task_id: UUID | None
    kind: ProblemKind | None
    cause: ProblemCause | None
    difficulty: Difficulty | None
    solver: Solver | None
    triage_words: str
    ledger_item_id: UUID | None
    merged_into: str | None
    version: int
    next_steps: list[str]
    sources: list[SourceLine]
    agenda: list[AgendaLine]
    timeline: list[TimelineLine]


def problem_line(problem: Problem) -> ProblemLine:
    """Return a problem as a line; its banks must be loaded."""
    return ProblemLine(
        id=problem.id,
        number=problem.number_text,
        title=problem.title,
        state=problem.state,
        state_label=problem.state.label,
        level=problem.level,
        level_label=problem.level.label,
        bank=problem.bank.short_name,
        origin=problem.origin.short_name,
        place_name=problem.place_name,
        collected_on=business_date(problem.collected_at),
        touched_on=business_date(problem.touched_at),
    )


def problem_card(
    problem: Problem,
    *,
    sources: list[ProblemSource],
    agenda: list[AgendaEntry],
    entries: list[JournalEntry],
) -> ProblemCard:
    """Return a problem with all its details as a card."""
    return ProblemCard(
        line=problem_line(problem),
        summary=problem.summary,
        task_id=problem.task_id,
        kind=problem.kind,
        cause=problem.cause,
        difficulty=problem.difficulty,
        solver=problem.solver,
        triage_words=problem.triage_words,
        ledger_item_id=problem.item_id,
        merged_into=problem.merged_into.number_text if problem.merged_into else None,
        version=problem.version,
        next_steps=problems.MACHINE.steps_from(problem.state),
        sources=[SourceLine(one.kind, one.kind.label, one.source_id, one.words) for one in sources],
        agenda=[_agenda_line(one) for one in agenda],
        timeline=[
            TimelineLine(one.at, False, inbox.timeline_words(one.event, one.detail)) for one in entries
        ],
    )


def _agenda_line(entry: AgendaEntry) -> AgendaLine:
    return AgendaLine(
        request=entry.request,
        asked_on=business_date(entry.asked_at),
        state_label=entry.state.label,
        decision=entry.decision,
        decided_on=entry.decided_on,
        ledger_item_id=entry.item_id,
        ledger_number=entry.item.number_text if entry.item else None,
    )
