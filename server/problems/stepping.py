"""Taking a step on a problem: check bank, version and legality under a lock, then save and journal it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models import Problem
from server import journal
from server.people import Actor, Permission
from server.people.reaching import within
from server.problems.reading import problem_seen_by
from server.problems.refusals import NotYourBank
from server.problems.states import MACHINE


async def lock_for_step(
    problem_id: UUID, step: str, *, version: int, by: Actor, permission: Permission = Permission.KEEP_PROBLEMS
) -> Problem:
    """Return the problem, locked for a step that is legal in its state.

    Raises NotAllowed, NoSuchThing, NotYourBank if the actor may see but not change it, StaleItem, WrongStep.
    """
    problem = await lock(problem_id, version=version, by=by, permission=permission)
    MACHINE.check_step(problem, step)
    return problem


async def lock(
    problem_id: UUID, *, version: int, by: Actor, permission: Permission = Permission.KEEP_PROBLEMS
) -> Problem:
    """Return the problem, locked at the version the actor saw, in any state."""
    kept = within(by, permission, "bank")
    await problem_seen_by(by, problem_id)
    if not await Problem.filter(kept, id=problem_id).exists():
        raise NotYourBank
    problem = await Problem.select_for_update().get(id=problem_id)
    MACHINE.check_version(problem, version)
    return problem


async def transition(
    problem: Problem, step: str, *, event: str, by: Actor, now: datetime, **detail: Any
) -> Problem:
    """Take the step that the table names."""
    MACHINE.take(problem, step)
    return await save_change(problem, event=event, by=by, now=now, **detail)


async def save_change(problem: Problem, *, event: str, by: Actor, now: datetime, **detail: Any) -> Problem:
    """Save a change with the journal entry `problem.<event>`; this counts as work on the problem."""
    problem.version += 1
    problem.touched_at = now
    await problem.save()
    told = {name: value for name, value in detail.items() if value not in (None, "")}
    await journal.record(f"problem.{event}", problem, by=by.person, **told)
    return problem
