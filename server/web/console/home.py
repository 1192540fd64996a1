"""The home page: today's numbers, each the length of the list it links to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from tortoise.queryset import QuerySet

from models import LedgerItem, Organisation
from models.vocabulary import LedgerState, Light, TemplatePurpose
from models.vocabulary import ObservationState as S
from server import (
    ledger,
    letters,
    moderation,
    notices,
    observations,
    people,
    reasons,
    site_visits,
    tasks,
)
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.set_sql import count_each
from server.kernel.workdays import Calendar
from server.ledger import LightStatus, ToDo
from server.ledger.viewing import LedgerView
from server.letters import Kinds
from server.people import Actor, Permission, RosterFilter, may
from server.web.console.ledger_links import ledger_link
from server.web.console.pages import page
from server.web.console.today import rows_of_today
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of

blueprint = Blueprint("console_home")

AT_A_GLANCE = 6


@dataclass(frozen=True)
class Number:
    """A count and the list it counts."""

    label: str
    count: int
    path: str
    is_urgent: bool = False


@blueprint.get("/", name="show", ctx_guard=desk())
async def show(request: Request) -> HTTPResponse:
    """Show today's numbers for this actor's duties."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    today = business_date(now)
    known = await calendar()
    rings = may(actor.duties, Permission.LOAD_CALENDAR)
    return await page(
        request,
        "home.html",
        groups=await _groups(actor, today=today, known=known, kinds=letter_kinds(request)),
        missing_year=notices.missing_year(today, calendar=known) if rings else None,
        today=today,
        waiting=await rows_of_today(actor, today=today, known=known, kinds=letter_kinds(request)),
        own=await _own_work(actor, today=today, known=known),
        letters=await letters.letters_to(actor, limit=AT_A_GLANCE),
        results=await site_visits.results_about(actor),
    )


async def _groups(
    actor: Actor, *, today: date, known: Calendar, kinds: Kinds
) -> list[tuple[str, list[Number]]]:
    groups = []
    if may(actor.duties, Permission.HANDLE_ITEMS):
        groups.append(("本单位待办", await _of_work(actor, today=today, known=known)))
    if may(actor.duties, Permission.SEE_LETTERS) and (found := await _of_letters(actor, kinds)):
        groups.append(("函件", found))
    reviews, roster = await _of_review_and_people(actor, today=today)
    if reviews:
        groups.append(("审核", reviews))
    if may(actor.duties, Permission.SEE_LEDGER):
        groups += await _of_ledger(actor, today=today, known=known)
    if may(actor.duties, Permission.SEE_TASKS):
        groups.append(("任务清单", await _of_tasks(today)))
    if roster:
        groups.append(("组织与人员", roster))
    return groups


async def _of_letters(actor: Actor, kinds: Kinds) -> list[Number]:
    return [
        Number(what.label, count, f"/console/letters?todo={what.value}", is_urgent=count > 0)
        for what, count in (await letters.count_waiting(actor, kinds=kinds)).items()
    ]


async def _of_review_and_people(actor: Actor, *, today: date) -> tuple[list[Number], list[Number]]:
    """Return the numbers of who reviews and of who manages people, counted in one statement."""
    reviews, kept = _reviews(actor, today=today), _kept(actor)
    counts = await count_each([rows for _, rows, _ in [*reviews, *kept]])
    numbers = [
        Number(label, count, f"/console/{path}", is_urgent=path.endswith("overdue") and count > 0)
        for (label, _, path), count in zip([*reviews, *kept], counts, strict=True)
    ]
    templates = [Number("文书模板", len(TemplatePurpose), "/console/templates")] if kept else []
    return numbers[: len(reviews)], [*numbers[len(reviews) :], *templates]


def _reviews(actor: Actor, *, today: date) -> list[tuple[str, QuerySet[Any], str]]:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    return [
        ("待审核", observations.in_line(actor), "review"),
        ("其中已超期", observations.in_line(actor, promised_before=today), "review?show=overdue"),
        ("等上报人补充", observations.in_line(actor, states=(S.MORE_ASKED,)), "review?show=more_asked"),
        ("内容安全待人工", moderation.in_line(actor), "contents"),
    ]


def _kept(actor: Actor) -> list[tuple[str, QuerySet[Any], str]]:
    if not may(actor.duties, Permission.MANAGE_PEOPLE):
        return []
    return [
        ("在册人员", people.on_roster(actor, RosterFilter()), "people"),
        ("单位", Organisation.all(), "people/organisations"),
        ("在用理由", reasons.in_use(), "reasons"),
    ]


async def _of_work(actor: Actor, *, today: date, known: Calendar) -> list[Number]:
    """Return what a unit has to sign for and to do, and what is late."""
    views = [
        ("待签收", LedgerView(state=LedgerState.DISPATCHED), True),
        ("已逾期", LedgerView(light=Light.RED), True),
        ("三个工作日内到期", LedgerView(light=Light.BLUE), False),
        ("办理中", LedgerView(state=LedgerState.IN_PROGRESS), False),
        ("等改革办审核销号", LedgerView(state=LedgerState.CLOSING), False),
    ]
    counts = await ledger.counts_of(actor, [view for _, view, _ in views], today=today, calendar=known)
    return [
        Number(label, count, ledger_link(view), is_urgent=is_urgent and count > 0)
        for (label, view, is_urgent), count in zip(views, counts, strict=True)
    ]


async def _of_ledger(actor: Actor, *, today: date, known: Calendar) -> list[tuple[str, list[Number]]]:
    """Return what waits for this actor's decision or is late, and the sizes of the ledger, counted in one statement."""
    decides = may(actor.duties, Permission.DECIDE_ITEMS)
    to_dos = [(one.label, LedgerView(todo=one)) for one in ToDo] if decides else []
    to_dos += [(one.label, LedgerView(light=one)) for one in (Light.RED, Light.BLUE)] if decides else []
    sizes = [
        ("今日挂号", LedgerView(registered_on=today)),
        ("本年台账", LedgerView(year=today.year)),
    ]
    for state in (LedgerState.REGISTERED, LedgerState.IN_PROGRESS, LedgerState.CLOSED):
        sizes.append((state.label, LedgerView(year=today.year, state=state)))
    views = [*to_dos, *sizes]
    counts = await ledger.counts_of(actor, [view for _, view in views], today=today, calendar=known)
    numbers = []
    for (label, view), count in zip(views, counts, strict=True):
        urgent = count > 0 and (view.light is Light.RED or view.todo is ToDo.UNSOLVED)
        numbers.append(Number(label, count, ledger_link(view), is_urgent=urgent))
    groups = [("台账待办", numbers[: len(to_dos)]), ("台账", numbers[len(to_dos) :])]
    return groups if decides else groups[1:]


async def _of_tasks(today: date) -> list[Number]:
    current, gaps = await tasks.current_and_gaps(today.year, today=today)
    return [
        Number("本年任务", len(current), f"/console/tasks?year={today.year}"),
        Number("需要补齐", len(gaps), f"/console/tasks/gaps?year={today.year}", is_urgent=bool(gaps)),
    ]


async def _own_work(actor: Actor, *, today: date, known: Calendar) -> list[tuple[LedgerItem, LightStatus]]:
    """Return the most urgent items of a unit, each with its light."""
    if not may(actor.duties, Permission.HANDLE_ITEMS):
        return []
    first = await ledger.first_work(actor, limit=AT_A_GLANCE)
    return [(item, ledger.light_of(item, today=today, calendar=known)) for item in first]
