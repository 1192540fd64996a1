"""Triage (研判) by cause, kind, difficulty and who can solve it (PRB-03); following up, settling and merging."""

from datetime import datetime
from uuid import UUID

from models import Problem
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.problems.commands import FollowUp, MergeProblem, TriageProblem
from server.problems.reading import problem_seen_by
from server.problems.states import MACHINE, OPEN
from server.problems.stepping import lock, lock_for_step, save_change, transition


@unit_of_work
async def triage(problem_id: UUID, command: TriageProblem, *, by: Actor, now: datetime) -> Problem:
    """Record the triage of a problem; it may be repeated until the problem leaves the bank."""
    problem = await lock_for_step(problem_id, "triage", version=command.version, by=by)
    found = command.found
    problem.kind, problem.cause = found.kind, found.cause
    problem.difficulty, problem.solver = found.difficulty, found.solver
    problem.triage_words = found.words
    words = f"{found.kind.label}、{found.cause.label}、{found.difficulty.label}、{found.solver.label}"
    return await transition(problem, "triage", event="triaged", by=by, now=now, found=words)


@unit_of_work
async def follow_up(problem_id: UUID, command: FollowUp, *, by: Actor, now: datetime) -> Problem:
    """Record what was done about an open problem, which restarts its 30 days without work."""
    problem = await lock(problem_id, version=command.version, by=by)
    MACHINE.check_state(problem, OPEN)
    return await save_change(problem, event="followed_up", by=by, now=now, text=command.text)


@unit_of_work
async def settle(problem_id: UUID, command: FollowUp, *, by: Actor, now: datetime) -> Problem:
    """Record how a problem was solved."""
    problem = await lock_for_step(problem_id, "settle", version=command.version, by=by)
    return await transition(problem, "settle", event="settled", by=by, now=now, words=command.text)


@unit_of_work
async def merge(problem_id: UUID, command: MergeProblem, *, by: Actor, now: datetime) -> Problem:
    """Merge a problem into another open one; both numbers and histories stay."""
    problem = await lock_for_step(problem_id, "merge", version=command.version, by=by)
    survivor = await problem_seen_by(by, command.into)
    if survivor.id == problem.id or survivor.state not in OPEN:
        raise MACHINE.wrong_step(problem, "要并入的问题已经了结，或就是它自己。", state=survivor.state)
    problem.merged_into_id = survivor.id
    told = {"into": survivor.number_text, "reason": command.reason}
    return await transition(problem, "merge", event="merged", by=by, now=now, **told)
