"""One search over all that an actor may see: numbers, receipts, document numbers, titles, people, units, tasks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect
from tortoise.expressions import Q, RawSQL

from models import Organisation, Person, ReformTask
from server import ledger, letters, observations, people, problems
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.text import receipt_number_in, words_of
from server.ledger import LedgerView
from server.people import Permission, RosterFilter, may
from server.problems import ProblemFilter
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_search", url_prefix="/search")

OF_A_KIND = 6
LETTER_WORDS = (
    """search_form(concat_ws('|', "letter"."number_text", "letter"."title", "letter"."addressee"))"""
)


class Search(Struct, frozen=True):
    """What is looked for, and whether the only hit is opened at once."""

    q: Annotated[str, Meta(max_length=60)] = ""


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its number or code, its name, and where it is."""

    number: str
    name: str
    path: str


@dataclass(frozen=True)
class Kind:
    """The hits of one kind, at most six, and the list that holds them all."""

    label: str
    hits: list[Hit]
    more: str = ""


@blueprint.get("/", name="show", ctx_guard=desk())
async def show(request: Request) -> HTTPResponse:
    """Show what was found, kind by kind; a single hit is opened at once."""
    query = read_filter(request, Search).q
    kinds = [await find(request, query) for find in FINDERS] if words_of(query) else []
    found = [kind for kind in kinds if kind.hits]
    if len(found) == 1 and len(found[0].hits) == 1:
        return redirect(found[0].hits[0].path, status=303)
    return await page(request, "search.html", looked_for=query, kinds=found)


async def _items(request: Request, query: str) -> Kind:
    actor, view = actor_of(request), LedgerView(q=query, limit=OF_A_KIND)
    if not may(actor.duties, Permission.SEE_LEDGER):
        return Kind("台账", [])
    today = business_date(tools_of(request).clock.now())
    also = await ledger.narrowed(view, actor=actor, today=today, calendar=await calendar())
    items, more = await ledger.page_of(actor, view, also=also)
    hits = [Hit(one.number_text, one.title, f"/console/ledger/{one.id}") for one in items]
    return Kind("台账", hits, "/console/ledger" if more else "")


async def _reports(request: Request, query: str) -> Kind:
    actor, number = actor_of(request), receipt_number_in(query)
    if number is None or not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return Kind("上报", [])
    found = await observations.reviewable(actor).filter(receipt_number=number)
    return Kind("上报", [Hit(one.receipt_number, one.text, f"/console/review/{one.id}") for one in found])


async def _letters(request: Request, query: str) -> Kind:
    actor = actor_of(request)
    if not may(actor.duties, Permission.SEE_LETTERS):
        return Kind("函件", [])
    wanted = letters.seen_by(actor).annotate(words=RawSQL(LETTER_WORDS)).filter(_each("words", query))
    found = await wanted.order_by("-drafted_at", "-id").limit(OF_A_KIND)
    hits = [Hit(one.number_text or "未编号", one.title, f"/console/letters/{one.id}") for one in found]
    return Kind("函件", hits)


async def _problems(request: Request, query: str) -> Kind:
    actor, now = actor_of(request), tools_of(request).clock.now()
    if not may(actor.duties, Permission.SEE_PROBLEMS):
        return Kind("问题", [])
    found = await problems.page_of(actor, ProblemFilter(q=query, limit=OF_A_KIND), now=now)
    hits = [Hit(one.number_text, one.title, f"/console/problems/{one.id}") for one in found[:OF_A_KIND]]
    return Kind("问题", hits, "/console/problems" if len(found) > OF_A_KIND else "")


async def _tasks(request: Request, query: str) -> Kind:
    if not may(actor_of(request).duties, Permission.SEE_TASKS):
        return Kind("任务", [])
    words = RawSQL("search_form(concat_ws('|', code, name))")
    wanted = ReformTask.filter(is_current=True).annotate(words=words).filter(_each("words", query))
    found = await wanted.order_by("-year", "code").limit(OF_A_KIND)
    return Kind("任务", [Hit(one.code, one.name, f"/console/ledger?task_id={one.id}") for one in found])


async def _people(request: Request, query: str) -> Kind:
    actor = actor_of(request)
    if not may(actor.duties, Permission.SEE_PEOPLE):
        return Kind("人员", [])
    wanted = people.on_roster(actor, RosterFilter(q=query[:40])).select_related("organisation")
    found = await wanted.order_by("designation", "id").limit(OF_A_KIND)
    return Kind("人员", [Hit(_unit_of(one), one.designation, f"/console/people/{one.id}") for one in found])


async def _units(request: Request, query: str) -> Kind:
    if not may(actor_of(request).duties, Permission.SEE_PEOPLE):
        return Kind("单位", [])
    found = await Organisation.filter(_each("search_text", query)).order_by("sort_order").limit(OF_A_KIND)
    hits = [Hit(one.short_name, one.name, f"/console/people/organisations/{one.id}") for one in found]
    return Kind("单位", hits)


def _each(field: str, query: str) -> Q:
    """Return the condition that every word occurs in a field that is in search form. Pure."""
    return Q(*(Q(**{f"{field}__contains": word}) for word in words_of(query)))


def _unit_of(person: Person) -> str:
    return person.organisation.short_name if person.organisation else ""


FINDERS: tuple[Callable[[Request, str], Awaitable[Kind]], ...] = (
    _items,
    _reports,
    _letters,
    _problems,
    _tasks,
    _people,
    _units,
)
