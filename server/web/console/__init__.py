"""The office console: web pages rendered on the server, with no code from other sites."""

from typing import Any

from sanic import Blueprint, Sanic

from server.web.console import (
    batching,
    cadences,
    calendar,
    cases,
    changing_password,
    cockpit,
    contents,
    exporting,
    files,
    hall_board,
    handing_over,
    home,
    issuing_letters,
    item_actions,
    journal,
    keeping_templates,
    key_holders,
    ledger,
    ledger_imports,
    letter_desk,
    letter_photos,
    letters,
    managing_organisations,
    managing_people,
    mapping,
    meetings,
    missions,
    month_reports,
    obligations,
    pages,
    people,
    photos,
    policies,
    problem_actions,
    problems,
    reasons,
    redacting,
    reminders,
    review_quality,
    review_together,
    reviewing,
    saved_views,
    sealing,
    searching,
    signing_in,
    site_visit_board,
    site_visit_corrections,
    site_visit_imports,
    site_visit_presence,
    site_visit_results,
    site_visit_rounds,
    site_visit_screens,
    site_visit_stops,
    site_visits,
    statics,
    talking,
    task_imports,
    tasks,
    team,
    verification,
)
from server.web.console.headers import secure
from server.web.console.refusing import show_refusal

blueprint = Blueprint.group(
    statics.blueprint,
    signing_in.blueprint,
    changing_password.blueprint,
    home.blueprint,
    photos.blueprint,
    review_quality.blueprint,
    reviewing.blueprint,
    review_together.blueprint,
    talking.blueprint,
    redacting.blueprint,
    contents.blueprint,
    ledger.blueprint,
    ledger_imports.blueprint,
    batching.blueprint,
    cockpit.blueprint,
    exporting.blueprint,
    mapping.blueprint,
    saved_views.blueprint,
    issuing_letters.blueprint,
    letter_desk.blueprint,
    letter_photos.blueprint,
    letters.blueprint,
    item_actions.blueprint,
    cases.blueprint,
    problem_actions.blueprint,
    problems.blueprint,
    obligations.blueprint,
    cadences.blueprint,
    meetings.blueprint,
    month_reports.blueprint,
    files.blueprint,
    missions.blueprint,
    site_visits.blueprint,
    site_visit_stops.blueprint,
    searching.blueprint,
    site_visit_imports.blueprint,
    site_visit_board.blueprint,
    site_visit_presence.blueprint,
    site_visit_rounds.blueprint,
    site_visit_screens.blueprint,
    site_visit_results.blueprint,
    site_visit_corrections.blueprint,
    team.blueprint,
    tasks.blueprint,
    task_imports.blueprint,
    people.blueprint,
    managing_people.blueprint,
    managing_organisations.blueprint,
    handing_over.blueprint,
    calendar.blueprint,
    reasons.blueprint,
    keeping_templates.blueprint,
    policies.blueprint,
    reminders.blueprint,
    sealing.blueprint,
    key_holders.blueprint,
    journal.blueprint,
    verification.blueprint,
    url_prefix="/console",
)


def attach(app: Sanic[Any, Any]) -> None:
    """Add the console's pages to the server."""
    app.blueprint(blueprint)
    app.blueprint(hall_board.blueprint)
    app.register_middleware(secure, "response")
    app.ctx.refusal_pages = {"/console": show_refusal, "/board/": hall_board.show_refusal}
    app.ctx.show_mark = verification.show_mark
    app.before_server_start(_warm)


async def _warm(_: Sanic[Any, Any]) -> None:
    """Prepare templates and packed files at startup, so that nobody has to wait for them."""
    pages.warm()
    statics.warm()
