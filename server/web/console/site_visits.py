"""Site visits on the console: the year, a visit's plan and rules, copying, publishing and cancelling (M12)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import SiteVisit
from models.vocabulary import VisitState
from server import journal, scoring, site_visits
from server.kernel.clock import SHANGHAI, business_date
from server.notifications.inbox import tell
from server.people import Permission, may
from server.scoring import Rules
from server.site_visits.refusals import VisitDayIsOver
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import AtVersion, read_filter, read_form, typed_words
from server.web.console.refusing import blaming
from server.web.console.site_visit_forms import Title, read_plan, read_rules
from server.web.console.site_visit_running import show_running
from server.web.console.typing_rules import MOST_ROWS, RulesForm, form_of, rows_of
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visits", url_prefix="/site-visits")

SEE, RUN = desk(Permission.SEE_SCORING), desk(Permission.RUN_SCORING, csrf=True)
Because = Annotated[str, Meta(min_length=1, max_length=200)]


class WhichYear(Struct, frozen=True):
    """The year to show."""

    year: Annotated[int, Meta(ge=2020, le=2100)] | None = None


class CopyForm(Struct, frozen=True):
    """The title and the day of a visit like another."""

    title: Title
    held_on: date


class ReasonForm(Struct, frozen=True):
    """Why something is done."""

    reason: Because


class NewRulesForm(RulesForm, frozen=True, kw_only=True):
    """Published rules as changed, and why."""

    reason: Because


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the visits of a year, and whether they cover as many matters as the mechanism asks for."""
    actor = actor_of(request)
    this_year = business_date(tools_of(request).clock.now()).year
    year = read_filter(request, WhichYear).year or this_year
    visits = await site_visits.visits_of(actor, year=year)
    return await page(
        request,
        "site_visits/list.html",
        visits=visits,
        rounds=await site_visits.rounds_of(visits),
        stops=await site_visits.stops_of_each(visits),
        year=await site_visits.year_of(actor, year),
        this_year=this_year,
    )


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.RUN_SCORING))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a visit."""
    return await page(
        request, "site_visits/plan.html", **_plan_values(None, form=RulesForm(comment_below="60"), rules=None)
    )


@blueprint.post("/", name="plan", ctx_guard=RUN)
async def plan(request: Request) -> HTTPResponse:
    """Plan a visit; stops and observers follow on its page."""
    planned, _ = read_plan(request)
    tools = tools_of(request)
    with blaming({VisitDayIsOver: "held_on"}):
        visit = await site_visits.create_visit(
            planned, [], by=actor_of(request), now=tools.clock.now(), tools=tools
        )
    return go_to(request, f"/console/site-visits/{visit.id}")


@blueprint.get("/<visit_id:uuid>", name="visit", ctx_guard=SEE)
async def show_visit(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show a visit: what is missing before it can be published, or what was published."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    visit = await site_visits.visit_seen_by(actor, visit_id)
    if visit.state is VisitState.PUBLISHED:
        return await show_running(request, visit)
    return await page(request, "site_visits/visit.html", **await _visit_values(request, visit, now=now))


@blueprint.get("/<visit_id:uuid>/arrangement", name="arrangement", ctx_guard=SEE)
async def show_arrangement(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show what was planned and published: stops, observers, and the rules with their digest."""
    now = tools_of(request).clock.now()
    visit = await site_visits.visit_seen_by(actor_of(request), visit_id)
    return await page(request, "site_visits/visit.html", **await _visit_values(request, visit, now=now))


async def _visit_values(request: Request, visit: SiteVisit, *, now: datetime) -> dict[str, Any]:
    """Return what every state of a visit's page shows."""
    actor = actor_of(request)
    await visit.fetch_related("organisation")
    runs = may(actor.duties, Permission.RUN_SCORING) and visit.state is not VisitState.CANCELLED
    found = (await site_visits.rounds_of([visit])).get(visit.id)
    rules = site_visits.rules_of(visit)
    faults = scoring.faults_of(rules)
    return {
        "visit": visit,
        "round": found,
        "rules": rules,
        "form": form_of(rules),
        "runs": runs,
        "stops": await site_visits.stops_of(visit.id),
        "observers": await site_visits.observers_of(visit.id, by=actor),
        "candidates": await site_visits.invitable(visit.id, by=actor, now=now) if runs else [],
        "faults": [*faults, *await site_visits.faults_of(visit)] if visit.state is VisitState.DRAFT else [],
        "digest": found.rule_digest if found else scoring.snapshot_of(rules)[1] if not faults else "",
        "deeds": await tell(await journal.timeline(visit.id)),
    }


@blueprint.get("/<visit_id:uuid>/plan", name="plan_form", ctx_guard=desk(Permission.RUN_SCORING))
async def show_plan(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the form of a visit's plan."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    rules = site_visits.rules_of(visit)
    values = _plan_values(visit, form=form_of(rules), rules=rules)
    return await page(request, "site_visits/plan.html", **values)


@blueprint.post("/<visit_id:uuid>/plan", name="change", ctx_guard=RUN)
async def change(request: Request, visit_id: UUID) -> HTTPResponse:
    """Change the plan of a visit in preparation."""
    actor = actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    planned, version = read_plan(request, before=visit)
    now = tools_of(request).clock.now()
    with blaming({VisitDayIsOver: "held_on"}):
        await site_visits.change_visit(visit_id, planned, version=version or 0, by=actor, now=now)
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.get("/<visit_id:uuid>/rules", name="rules_form", ctx_guard=desk(Permission.RUN_SCORING))
async def show_rules(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the form for a new version of published rules."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    rules = site_visits.rules_of(visit)
    values = _plan_values(visit, form=form_of(rules), rules=rules)
    found = (await site_visits.rounds_of([visit])).get(visit.id)
    return await page(request, "site_visits/rules.html", round=found, **values)


@blueprint.post("/<visit_id:uuid>/rules", name="change_rules", ctx_guard=RUN)
async def change_rules(request: Request, visit_id: UUID) -> HTTPResponse:
    """Publish a new version of the rules, with its reason."""
    actor = actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    form = read_form(request, NewRulesForm)
    rules = read_rules(form, typed_words(request), before=visit)
    await site_visits.change_published_rules(visit_id, rules, reason=form.reason, by=actor)
    return go_to(request, f"/console/site-visits/{visit_id}/arrangement")


@blueprint.post("/<visit_id:uuid>/copies", name="copy", ctx_guard=RUN)
async def copy(request: Request, visit_id: UUID) -> HTTPResponse:
    """Prepare a visit like this one, with its rules, stops and observers."""
    typed, tools = read_form(request, CopyForm), tools_of(request)
    with blaming({VisitDayIsOver: "held_on"}):
        made = await site_visits.copy_visit(
            visit_id,
            title=typed.title,
            held_on=typed.held_on,
            by=actor_of(request),
            now=tools.clock.now(),
            tools=tools,
        )
    return go_to(request, f"/console/site-visits/{made.id}")


@blueprint.post("/<visit_id:uuid>/publication", name="publish", ctx_guard=RUN)
async def publish(request: Request, visit_id: UUID) -> HTTPResponse:
    """Publish the visit; its rules are frozen with their digest."""
    version, tools = read_form(request, AtVersion).version, tools_of(request)
    by, now = actor_of(request), tools.clock.now()
    await site_visits.publish_visit(visit_id, version=version, by=by, now=now, tools=tools)
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.post("/<visit_id:uuid>/cancellation", name="cancel", ctx_guard=RUN)
async def cancel(request: Request, visit_id: UUID) -> HTTPResponse:
    """Cancel a visit in preparation."""
    reason = read_form(request, ReasonForm).reason
    await site_visits.cancel_visit(visit_id, reason=reason, by=actor_of(request))
    return go_to(request, f"/console/site-visits/{visit_id}")


def _plan_values(visit: SiteVisit | None, *, form: RulesForm, rules: Rules | None) -> dict[str, Any]:
    return {
        "visit": visit,
        "form": form,
        "criteria": rows_of(rules.criteria) if rules else [],
        "groups": rows_of(rules.groups) if rules else [],
        "most_rows": MOST_ROWS,
        "locks_at": _typed(visit),
    }


def _typed(visit: SiteVisit | None) -> str:
    """Return the time of the lock as its field holds it."""
    return f"{visit.locks_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if visit and visit.locks_at else ""
