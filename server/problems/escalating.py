"""Escalating (提请): a problem a bank can't solve goes to the city's bank and the commission's agenda (PRB-04)."""

from datetime import datetime
from uuid import UUID

from models import AgendaEntry, LedgerItem, Problem, ProblemSource
from models.vocabulary import AgendaState, BankLevel, ProblemSourceKind, Solver
from server import journal
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.problems.banks import city_of
from server.problems.commands import Decide, Escalate
from server.problems.placing import place_on_ledger
from server.problems.refusals import DecidedAhead, NotForTheCity
from server.problems.stepping import lock_for_step, transition


@unit_of_work
async def escalate(problem_id: UUID, command: Escalate, *, by: Actor, now: datetime) -> Problem:
    """Put a problem before the commission; it keeps its number and appears in the city's bank (M11 AT2)."""
    problem = await lock_for_step(problem_id, "escalate", version=command.version, by=by)
    if problem.solver is not Solver.CITY:
        raise NotForTheCity
    problem.bank = await city_of(await problem.origin)
    problem.level = BankLevel.CITY
    await AgendaEntry.create(
        problem=problem, state=AgendaState.WAITING, request=command.request, asked_by=by.person, asked_at=now
    )
    return await transition(problem, "escalate", event="escalated", by=by, now=now, request=command.request)


@unit_of_work
async def decide(problem_id: UUID, command: Decide, *, by: Actor, now: datetime) -> Problem:
    """Record the commission's decision: the work is registered and dispatched, and the origin is informed (AT3)."""
    problem = await lock_for_step(
        problem_id, "decide", version=command.version, by=by, permission=Permission.DECIDE_PROBLEMS
    )
    if command.decided_on > business_date(now):
        raise DecidedAhead
    item = await place_on_ledger(problem, command.dispatch, summary=command.words, by=by, now=now)
    problem.item_id = item.id
    entry = await AgendaEntry.get(problem_id=problem.id, state=AgendaState.WAITING)
    entry.state, entry.decision, entry.decided_on = AgendaState.DECIDED, command.words, command.decided_on
    entry.recorded_by, entry.item_id = by.person, item.id
    await entry.save()
    told = {"decision": command.words, "number": item.number_text, "due": item.due_words}
    problem = await transition(problem, "decide", event="decided", by=by, now=now, **told)
    await _tell_origin_items(problem, by=by, **told)
    return problem


async def _tell_origin_items(problem: Problem, *, by: Actor, **told: str) -> None:
    """Record the decision in the history of each ledger item that the problem came from."""
    sources = ProblemSource.filter(problem_id=problem.id, kind=ProblemSourceKind.LEDGER_ITEM)
    for source in await sources:
        item = await LedgerItem.get_or_none(id=source.source_id)
        if item:
            await journal.record("ledger_item.commission_decided", item, by=by.person, **told)
