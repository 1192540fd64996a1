"""Requesting on the console that a sealed result is recomputed under a corrected rule; another person confirms."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta
from sanic import Blueprint, HTTPResponse, Request

from server import scoring, site_visits
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form, typed_words
from server.web.console.site_visit_forms import typed_or_faults
from server.web.console.typing_rules import MOST_ROWS, RulesForm, form_of, rows_of
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_corrections", url_prefix="/site-visits/<visit_id:uuid>/corrections")


class CorrectionForm(RulesForm, frozen=True, kw_only=True):
    """The corrected rules, and the note that is published with the result."""

    note: Annotated[str, Meta(min_length=1, max_length=300)]


@blueprint.get("/new", name="start", ctx_guard=desk(Permission.RUN_SCORING))
async def start(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the form of the rules in force; only names, weights and the way of computing can be corrected."""
    actor = actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    rules = await scoring.rules_in_force(visit_id, by=actor)
    return await page(
        request,
        "site_visits/correction.html",
        visit=visit,
        form=form_of(rules),
        criteria=rows_of(rules.criteria),
        groups=rows_of(rules.groups),
        most_rows=MOST_ROWS,
    )


@blueprint.post("/", name="ask", ctx_guard=desk(Permission.RUN_SCORING, csrf=True))
async def ask(request: Request, visit_id: UUID) -> HTTPResponse:
    """Request the correction; nothing changes until another person confirms it."""
    actor = actor_of(request)
    before = await scoring.rules_in_force(visit_id, by=actor)
    form = read_form(request, CorrectionForm)
    rules = typed_or_faults(form, typed_words(request), before=before)
    now = tools_of(request).clock.now()
    await scoring.ask_correction(visit_id, rules, note=form.note, by=actor, now=now)
    return go_to(request, f"/console/site-visits/{visit_id}")
