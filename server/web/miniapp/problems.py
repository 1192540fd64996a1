"""A unit's problem bank on phones: record, view, triage, follow up, and refer to the commission."""

from inspect import getdoc
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import journal, problems
from server.cases.refusals import ReportersWords
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger.commands import Deed
from server.observations.refusals import NoSuchTask
from server.people import Permission
from server.problems import BY_HAND, NewProblem, ProblemAction, ProblemFilter, Source
from server.problems.refusals import AlreadyTakenIn, NoSuchSource, NotYourBank
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.miniapp.problem_cards import ProblemCard, ProblemPage, problem_card, problem_line

blueprint = Blueprint("problems")
SEE, KEEP = phone(Permission.SEE_PROBLEMS), phone(Permission.KEEP_PROBLEMS)


class TakeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A problem in the bank's own words and its sources; with none given, it counts as entered by hand."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    task_id: UUID | None = None
    sources: Annotated[list[Source], Meta(max_length=9)] = []


class Kept(Done):
    """A problem that was recorded or moved a step forward."""

    problem_id: UUID

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the current state of the problem."""
        return await _card(request, self.problem_id, status=201)


@operation(
    blueprint,
    "GET",
    "/problems",
    summary="问题库",
    guard=SEE,
    query=ProblemFilter,
    answers={200: ProblemPage},
)
async def list_problems(request: Request, query: ProblemFilter) -> HTTPResponse:
    """Return the problems of the person's own bank and those below, newest first; `total` counts the whole list."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    found = await problems.page_of(actor, query, now=now)
    page = found[: query.limit]
    cursor = page[-1].id if len(found) > query.limit else None
    total = await problems.count_of(actor, query, now=now)
    return answer(ProblemPage([problem_line(one) for one in page], cursor, total))


@operation(
    blueprint,
    "POST",
    "/problems",
    summary="归集问题",
    guard=KEEP,
    body=TakeIn,
    answers={201: ProblemCard},
    keyed=Kept,
    refusals=(NotYourBank, NoSuchSource, AlreadyTakenIn, ReportersWords, NoSuchTask),
)
async def take_in_problem(request: Request, command: TakeIn) -> Kept:
    """Record a problem in the bank of the person's own unit; it gets the bank's next number."""
    now = tools_of(request).clock.now()
    new = NewProblem(command.title, command.summary, command.place_name, command.task_id)
    problem = await problems.take_in(new, sources=command.sources or [BY_HAND], by=actor_of(request), now=now)
    return Kept(problem.id)


@operation(
    blueprint,
    "GET",
    "/problems/<problem_id:uuid>",
    summary="问题",
    guard=SEE,
    answers={200: ProblemCard},
)
async def see_problem(request: Request, problem_id: UUID) -> HTTPResponse:
    """Return a problem with its sources and history."""
    return await _card(request, problem_id)


def problem_action(action: ProblemAction) -> None:
    """Declare an action: POST to a sub-resource of the problem, done once under its key."""

    async def handle(request: Request, problem_id: UUID, command: Deed) -> Kept:
        await action.verb(problem_id, command, by=actor_of(request), now=tools_of(request).clock.now())
        return Kept(problem_id)

    handle.__name__ = action.operation
    handle.__doc__ = (getdoc(action.verb) or "").partition("\n\n")[0]
    operation(
        blueprint,
        "POST",
        f"/problems/<problem_id:uuid>/{action.noun}",
        summary=action.label,
        guard=phone(action.permission),
        body=action.command,
        answers={201: ProblemCard},
        keyed=Kept,
        refusals=(WrongStep, StaleItem, NotYourBank, *action.refusals),
    )(handle)


for one in problems.ACTIONS:
    if one.operation:
        problem_action(one)


async def _card(request: Request, problem_id: UUID, *, status: int = 200) -> HTTPResponse:
    actor = actor_of(request)
    problem = await problems.problem_seen_by(actor, problem_id)
    card = problem_card(
        problem,
        sources=await problems.sources_of(actor, problem),
        agenda=await problems.agenda_of(problem),
        entries=await journal.timeline(problem.id),
    )
    return answer(card, status=status)
