"""The problem banks on the console: the list, one problem, and the commission's agenda."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import (
    AgendaState,
    BankLevel,
    Difficulty,
    ProblemCause,
    ProblemKind,
    ProblemSourceKind,
    ProblemState,
    Solver,
)
from server import journal, problems
from server.kernel.clock import business_date
from server.notifications.inbox import tell
from server.people import Permission
from server.problems import NewProblem, ProblemFilter, Source
from server.web.console.choices import worker_choices
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_problems", url_prefix="/problems")

SEE, KEEP = desk(Permission.SEE_PROBLEMS), desk(Permission.KEEP_PROBLEMS, csrf=True)
PAGE = 50
NAMED = [  # sources that a form names in words; the others are linked from their own pages
    ProblemSourceKind.BY_HAND,
    ProblemSourceKind.MEETING,
    ProblemSourceKind.RESEARCH,
    ProblemSourceKind.SITE_VISIT,
    ProblemSourceKind.EVALUATION,
    ProblemSourceKind.LETTER,
    ProblemSourceKind.IMPORT,
]


class WhichAgenda(Struct, frozen=True):
    """Whether to show what waits for the commission or what it decided."""

    state: AgendaState = AgendaState.WAITING


class WhichItem(Struct, frozen=True):
    """The ledger item that a new problem comes from, if any."""

    item_id: UUID | None = None


class ProblemForm(WhichItem, frozen=True, kw_only=True):
    """A problem in the bank's own words, and its source."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    source: ProblemSourceKind
    source_words: Annotated[str, Meta(max_length=200)] = ""
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the problems a filter finds in the actor's own bank and those below, newest first, and their number."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    wanted = msgspec.structs.replace(read_filter(request, ProblemFilter), limit=PAGE)
    found = await problems.page_of(actor, wanted, now=now)
    shown = found[:PAGE]
    return await page(
        request,
        "problems/list.html",
        problems=shown,
        wanted=wanted,
        total=await problems.count_of(actor, wanted, now=now),
        next_page=_address(wanted, cursor=shown[-1].id) if len(found) > PAGE else None,
        states=ProblemState,
        levels=BankLevel,
        causes=ProblemCause,
    )


@blueprint.get("/agenda", name="agenda", ctx_guard=desk(Permission.DECIDE_PROBLEMS))
async def show_agenda(request: Request) -> HTTPResponse:
    """Show the commission's agenda, the longest waiting first."""
    state = read_filter(request, WhichAgenda).state
    entries = await problems.agenda(actor_of(request), state=state)
    return await page(request, "problems/agenda.html", entries=entries, state=state, states=AgendaState)


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.KEEP_PROBLEMS))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a problem of the actor's own bank."""
    item_id = read_filter(request, WhichItem).item_id
    bank = await problems.bank_kept_by(actor_of(request), None)
    return await page(request, "problems/new.html", bank=bank, item_id=item_id, named=NAMED)


@blueprint.post("/", name="take_in", ctx_guard=KEEP)
async def take_in(request: Request) -> HTTPResponse:
    """Record a problem in the actor's own bank."""
    typed = read_form(request, ProblemForm)
    source = Source(typed.source, words=typed.source_words)
    if typed.item_id:
        source = Source(ProblemSourceKind.LEDGER_ITEM, typed.item_id)
    problem = await problems.take_in(
        NewProblem(typed.title, typed.summary, typed.place_name),
        sources=[source],
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"/console/problems/{problem.id}")


@blueprint.get("/<problem_id:uuid>", name="problem", ctx_guard=SEE)
async def show_problem(request: Request, problem_id: UUID) -> HTTPResponse:
    """Show a problem with its sources, requests to the commission, history and possible actions."""
    actor = actor_of(request)
    problem = await problems.problem_seen_by(actor, problem_id)
    return await page(
        request,
        "problems/problem.html",
        problem=problem,
        open_deeds=problems.actions_open_to(actor, problem),
        sources=await problems.sources_of(actor, problem),
        agenda=await problems.agenda_of(problem),
        recurrences=await problems.recurrences_of(problem, seen_by=actor),
        deeds=await tell(await journal.timeline(problem.id)),
        units=await worker_choices(),
        today=business_date(tools_of(request).clock.now()),
        kinds=ProblemKind,
        causes=ProblemCause,
        difficulties=Difficulty,
        solvers=Solver,
    )


def _address(wanted: ProblemFilter, *, cursor: UUID) -> str:
    values = {
        "q": wanted.q,
        "state": wanted.state,
        "level": wanted.level,
        "cause": wanted.cause,
        "bank_id": wanted.bank_id,
        "untouched": "1" if wanted.untouched else "",
        "cursor": cursor,
    }
    return f"/console/problems?{urlencode({name: str(value) for name, value in values.items() if value})}"
