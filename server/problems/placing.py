"""Placing on the ledger: a problem becomes a registered item, dispatched to the responsible unit (M11)."""

from datetime import datetime
from uuid import UUID

from models import LedgerItem, Problem
from models.vocabulary import Datum, ObservationKind
from server import ledger
from server.kernel.places import Position
from server.kernel.unit_of_work import unit_of_work
from server.ledger import NewItem, commands
from server.people import Actor
from server.problems.commands import Dispatch, PutOnLedger
from server.problems.stepping import lock_for_step, transition


@unit_of_work
async def put_on_ledger(problem_id: UUID, command: PutOnLedger, *, by: Actor, now: datetime) -> Problem:
    """Register a problem that its own level can solve, and dispatch it."""
    problem = await lock_for_step(problem_id, "put_on_ledger", version=command.version, by=by)
    item = await place_on_ledger(problem, command.dispatch, summary=problem.summary, by=by, now=now)
    problem.item_id = item.id
    told = {"number": item.number_text, "due": item.due_words}
    return await transition(problem, "put_on_ledger", event="put_on_ledger", by=by, now=now, **told)


async def place_on_ledger(
    problem: Problem, dispatch: Dispatch, *, summary: str, by: Actor, now: datetime
) -> LedgerItem:
    """Create and dispatch the item with a number of the bank that keeps the problem; raises what those steps raise."""
    new = NewItem(
        problem.title,
        ObservationKind.PROBLEM,
        summary=summary,
        place_name=problem.place_name,
        task_id=problem.task_id,
    )
    office = await problem.bank
    item = await ledger.register(new, office=office, at=_position(problem), by=by.person, now=now)
    command = commands.Dispatch(
        version=item.version,
        unit_id=dispatch.unit_id,
        days=dispatch.days,
        due_on=dispatch.due_on,
        words=problem.number_text,
    )
    return (await ledger.dispatch(item.id, command, by=by, now=now)).item


def _position(problem: Problem) -> Position | None:
    if problem.wgs_latitude is None or problem.wgs_longitude is None:
        return None
    return Position(problem.wgs_latitude, problem.wgs_longitude, Datum.WGS84)
