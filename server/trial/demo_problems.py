"""The demo world's problem banks: problems collected, studied, submitted to the commission, decided."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from models import Problem
from models.vocabulary import Difficulty, ProblemCause, ProblemKind, ProblemSourceKind, Solver
from server import people, problems
from server.kernel.clock import business_date
from server.people import Actor
from server.problems import Dispatch, NewProblem, Source, Triage
from server.problems import commands as ask

if TYPE_CHECKING:
    from server.trial.demo import World


class DemoProblem(Struct, frozen=True, forbid_unknown_fields=True):
    """One problem: who collects it and from where, what it turned out to be, and what was decided."""

    keeper: str
    title: str
    source: ProblemSourceKind
    days_ago: int
    summary: str = ""
    source_words: str = ""
    kind: ProblemKind | None = None
    cause: ProblemCause = ProblemCause.OTHER
    difficulty: Difficulty = Difficulty.EASY
    solver: Solver = Solver.OWN_LEVEL
    request: str = ""
    decision: str = ""
    unit: str = ""
    days: int = 20


async def collect_problems(world: "World") -> None:
    """Fill the banks, taking each problem as far as the table says."""
    today = business_date(world.now)
    chen = await people.actor_as(world.persons["chen"], on=today)
    for told in world.read("problems", list[DemoProblem]):
        keeper = await people.actor_as(world.persons[told.keeper], on=today)
        at = world.now - timedelta(days=told.days_ago)
        problem = await _study(told, by=keeper, now=at)
        if told.decision:
            dispatch = Dispatch(world.organisations[told.unit].id, days=told.days)
            decision = ask.Decide(
                version=problem.version,
                words=told.decision,
                decided_on=business_date(at),
                dispatch=dispatch,
            )
            await problems.decide(problem.id, decision, by=chen, now=world.now)


async def _study(told: DemoProblem, *, by: Actor, now: datetime) -> Problem:
    source = Source(told.source, words=told.source_words)
    problem = await problems.take_in(NewProblem(told.title, told.summary), by=by, now=now, sources=[source])
    if told.kind is None:
        return problem
    found = Triage(kind=told.kind, cause=told.cause, difficulty=told.difficulty, solver=told.solver)
    triage = ask.TriageProblem(version=problem.version, found=found)
    problem = await problems.triage(problem.id, triage, by=by, now=now)
    if not told.request:
        return problem
    escalate = ask.Escalate(version=problem.version, request=told.request)
    return await problems.escalate(problem.id, escalate, by=by, now=now)
