"""Actions on problems from the console: study, follow up, escalate, decide, put on the ledger, settle, merge."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Difficulty, ProblemCause, ProblemKind, Solver
from server import problems
from server.ledger.commands import Few, Words
from server.people import Actor, Permission
from server.problems import Decision, Dispatch, Triage
from server.web.console.choices import chosen_unit
from server.web.console.pages import go_to
from server.web.console.reading_forms import AtVersion, Because, read_form
from server.web.console.refusals import UnitNotKnown
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_studying_problems", url_prefix="/problems")
Do = Callable[..., Awaitable[None]]
Days = Annotated[int, Meta(ge=1, le=250)]


class TriageForm(AtVersion, frozen=True, kw_only=True):
    """A bank's assessment of a problem."""

    kind: ProblemKind
    cause: ProblemCause
    difficulty: Difficulty
    solver: Solver
    words: Few = ""


class Said(AtVersion, frozen=True, kw_only=True):
    """An action described in words."""

    words: Words


class DispatchForm(AtVersion, frozen=True, kw_only=True):
    """The unit that gets the work, and in how many working days it is due."""

    unit: Annotated[str, Meta(min_length=1, max_length=80)]
    days: Days


class DecisionForm(DispatchForm, frozen=True, kw_only=True):
    """What the commission decided, and when."""

    words: Words
    decided_on: date


class MergerForm(Because, frozen=True, kw_only=True):
    """The number of the problem that remains."""

    into: Annotated[str, Meta(min_length=1, max_length=48)]


def deed(
    name: str, *, form: type[AtVersion], permission: Permission = Permission.KEEP_PROBLEMS
) -> Callable[[Do], Do]:
    """Declare a form of a problem's page: POST to /<problem>/<name>, done at the version that was seen."""

    def declare(do: Do) -> Do:
        async def handle(request: Request, problem_id: UUID) -> HTTPResponse:
            typed: Any = read_form(request, form)
            now = tools_of(request).clock.now()
            await do(problem_id, typed, by=actor_of(request), now=now)
            return go_to(request, f"/console/problems/{problem_id}")

        address = f"/<problem_id:uuid>/{name}"
        blueprint.add_route(
            handle, address, methods=["POST"], name=name, ctx_guard=desk(permission, csrf=True)
        )
        return do

    return declare


@deed("triage", form=TriageForm)
async def triage(problem_id: UUID, typed: TriageForm, *, by: Actor, now: datetime) -> None:
    """Record cause, kind and difficulty, and who can solve it."""
    found = Triage(
        kind=typed.kind,
        cause=typed.cause,
        difficulty=typed.difficulty,
        solver=typed.solver,
        words=typed.words,
    )
    await problems.triage(problem_id, version=typed.version, found=found, by=by, now=now)


@deed("follow-up", form=Said)
async def follow_up(problem_id: UUID, typed: Said, *, by: Actor, now: datetime) -> None:
    """Record what was done about it."""
    await problems.follow_up(problem_id, version=typed.version, text=typed.words, by=by, now=now)


@deed("escalation", form=Said)
async def escalate(problem_id: UUID, typed: Said, *, by: Actor, now: datetime) -> None:
    """Refer it to the commission."""
    await problems.escalate(problem_id, version=typed.version, request=typed.words, by=by, now=now)


@deed("settlement", form=Said)
async def settle(problem_id: UUID, typed: Said, *, by: Actor, now: datetime) -> None:
    """Record how it was solved."""
    await problems.settle(problem_id, version=typed.version, words=typed.words, by=by, now=now)


@deed("merger", form=MergerForm)
async def merge(problem_id: UUID, typed: MergerForm, *, by: Actor, now: datetime) -> None:
    """Merge it into the problem with a number."""
    into = (await problems.problem_by_number(by, typed.into)).id
    await problems.merge(problem_id, version=typed.version, into=into, reason=typed.reason, by=by, now=now)


@deed("ledger", form=DispatchForm)
async def put_on_ledger(problem_id: UUID, typed: DispatchForm, *, by: Actor, now: datetime) -> None:
    """Put it on the office's own ledger and dispatch it to a unit."""
    dispatch = await _dispatch(typed)
    await problems.put_on_ledger(problem_id, version=typed.version, dispatch=dispatch, by=by, now=now)


@deed("decision", form=DecisionForm, permission=Permission.DECIDE_PROBLEMS)
async def decide(problem_id: UUID, typed: DecisionForm, *, by: Actor, now: datetime) -> None:
    """Record the commission's decision, for a unit with a deadline."""
    decision = Decision(typed.words, typed.decided_on, await _dispatch(typed))
    await problems.decide(problem_id, version=typed.version, decision=decision, by=by, now=now)


async def _dispatch(typed: DispatchForm) -> Dispatch:
    unit_id = await chosen_unit(typed.unit)
    if unit_id is None:
        raise UnitNotKnown
    return Dispatch(unit_id, days=typed.days)
