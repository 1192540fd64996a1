"""A unit's problem bank on phones: record, view, triage, follow up, and refer to the commission."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import journal, problems
from server.cases.refusals import ReportersWords
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger.commands import Deed, Words
from server.observations.refusals import NoSuchTask
from server.people import Permission
from server.problems import BY_HAND, NewProblem, ProblemFilter, Source, Triage
from server.problems.refusals import AlreadyTakenIn, NoSuchSource, NotForTheCity, NotYourBank
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.miniapp.problem_cards import ProblemCard, ProblemPage, problem_card, problem_line

blueprint = Blueprint("problems")
SEE, KEEP = phone(Permission.SEE_PROBLEMS), phone(Permission.KEEP_PROBLEMS)
STEP = (WrongStep, StaleItem, NotYourBank)


class TakeIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A problem in the bank's own words and its sources; with none given, it counts as entered by hand."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    task_id: UUID | None = None
    sources: Annotated[list[Source], Meta(max_length=9)] = []


class TriageProblem(Deed, frozen=True, kw_only=True):
    """The bank's assessment of a problem."""

    found: Triage


class FollowUp(Deed, frozen=True, kw_only=True):
    """What was done about a problem."""

    text: Words


class Escalate(Deed, frozen=True, kw_only=True):
    """What the commission is asked for."""

    request: Words


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
    new = NewProblem(command.title, command.summary, command.place_name, command.task_id)
    problem = await problems.take_in(new, sources=command.sources or [BY_HAND], **_who_and_when(request))
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


@operation(
    blueprint,
    "POST",
    "/problems/<problem_id:uuid>/triages",
    summary="研判",
    guard=KEEP,
    body=TriageProblem,
    answers={201: ProblemCard},
    keyed=Kept,
    refusals=STEP,
)
async def triage_problem(request: Request, problem_id: UUID, command: TriageProblem) -> Kept:
    """Record the cause, kind and difficulty of a problem, and who can solve it."""
    await problems.triage(problem_id, version=command.version, found=command.found, **_who_and_when(request))
    return Kept(problem_id)


@operation(
    blueprint,
    "POST",
    "/problems/<problem_id:uuid>/follow-ups",
    summary="跟进问题",
    guard=KEEP,
    body=FollowUp,
    answers={201: ProblemCard},
    keyed=Kept,
    refusals=STEP,
)
async def follow_up_problem(request: Request, problem_id: UUID, command: FollowUp) -> Kept:
    """Record what was done about an open problem."""
    await problems.follow_up(problem_id, version=command.version, text=command.text, **_who_and_when(request))
    return Kept(problem_id)


@operation(
    blueprint,
    "POST",
    "/problems/<problem_id:uuid>/escalations",
    summary="提请市级协调",
    guard=KEEP,
    body=Escalate,
    answers={201: ProblemCard},
    keyed=Kept,
    refusals=(*STEP, NotForTheCity),
)
async def escalate_problem(request: Request, problem_id: UUID, command: Escalate) -> Kept:
    """Refer a problem to the reform commission; it keeps its number."""
    await problems.escalate(
        problem_id, version=command.version, request=command.request, **_who_and_when(request)
    )
    return Kept(problem_id)


@operation(
    blueprint,
    "POST",
    "/problems/<problem_id:uuid>/settlements",
    summary="化解问题",
    guard=KEEP,
    body=FollowUp,
    answers={201: ProblemCard},
    keyed=Kept,
    refusals=STEP,
)
async def settle_problem(request: Request, problem_id: UUID, command: FollowUp) -> Kept:
    """Record how a problem was solved."""
    await problems.settle(problem_id, version=command.version, words=command.text, **_who_and_when(request))
    return Kept(problem_id)


def _who_and_when(request: Request) -> dict[str, Any]:
    return {"by": actor_of(request), "now": tools_of(request).clock.now()}


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
