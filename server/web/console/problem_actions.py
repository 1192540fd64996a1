"""Actions on problems from the console: each is a form of the problem's page, done at the version that was seen."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Difficulty, ProblemCause, ProblemKind, Solver
from server import problems
from server.ledger.commands import Days, Deed, Few
from server.people import Actor
from server.problems import Dispatch, ProblemAction, Triage
from server.problems import commands as ask
from server.web.console.item_forms import Unit, unit_named
from server.web.console.pages import go_to
from server.web.console.reading_forms import AtVersion, Because, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_problem_actions", url_prefix="/problems")
Form = tuple[type[Struct], Callable[[Any, Actor], Awaitable[Deed]]]  # the typed fields, and their command


class TriageForm(AtVersion, frozen=True, kw_only=True):
    """A bank's assessment of a problem."""

    kind: ProblemKind
    cause: ProblemCause
    difficulty: Difficulty
    solver: Solver
    words: Few = ""


class DispatchForm(AtVersion, frozen=True, kw_only=True):
    """The unit that gets the work, and in how many working days it is due."""

    unit: Unit
    days: Days


class DecisionForm(DispatchForm, frozen=True, kw_only=True):
    """What the commission decided, and when."""

    words: Annotated[str, Meta(min_length=2, max_length=2000)]
    decided_on: date


class MergerForm(Because, frozen=True, kw_only=True):
    """The number of the problem that remains."""

    into: Annotated[str, Meta(min_length=1, max_length=48)]


async def _triage(typed: TriageForm, by: Actor) -> ask.TriageProblem:
    found = Triage(
        kind=typed.kind,
        cause=typed.cause,
        difficulty=typed.difficulty,
        solver=typed.solver,
        words=typed.words,
    )
    return ask.TriageProblem(version=typed.version, found=found)


async def _placing(typed: DispatchForm, by: Actor) -> ask.PutOnLedger:
    return ask.PutOnLedger(version=typed.version, dispatch=await _dispatch(typed))


async def _decision(typed: DecisionForm, by: Actor) -> ask.Decide:
    return ask.Decide(
        version=typed.version,
        words=typed.words,
        decided_on=typed.decided_on,
        dispatch=await _dispatch(typed),
    )


async def _merger(typed: MergerForm, by: Actor) -> ask.MergeProblem:
    into = await problems.problem_by_number(by, typed.into)
    return ask.MergeProblem(version=typed.version, into=into.id, reason=typed.reason)


async def _dispatch(typed: DispatchForm) -> Dispatch:
    return Dispatch(await unit_named(typed.unit), days=typed.days)


FORMS: dict[str, Form] = {
    "triage": (TriageForm, _triage),
    "put_on_ledger": (DispatchForm, _placing),
    "decide": (DecisionForm, _decision),
    "merge": (MergerForm, _merger),
}


def problem_action(action: ProblemAction) -> None:
    """Declare a form on the problem's page, sent by POST to the same sub-resource as on phones."""
    shape, command_of = FORMS.get(action.code, (action.command, _as_typed))

    async def handle(request: Request, problem_id: UUID) -> HTTPResponse:
        actor, now = actor_of(request), tools_of(request).clock.now()
        command = await command_of(read_form(request, shape), actor)
        await action.verb(problem_id, command, by=actor, now=now)
        return go_to(request, f"/console/problems/{problem_id}")

    blueprint.add_route(
        handle,
        f"/<problem_id:uuid>/{action.noun}",
        methods=["POST"],
        name=action.code,
        ctx_guard=desk(action.permission, csrf=True),
    )


async def _as_typed(typed: Deed, by: Actor) -> Deed:
    return typed


for one in problems.ACTIONS:
    problem_action(one)
