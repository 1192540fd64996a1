"""The counter for the office: pages in a browser, rendered here, working without any code from elsewhere."""

from typing import Any

from sanic import Blueprint, Sanic

from server.console import (
    batching,
    cases,
    changing_password,
    cockpit,
    deciding_items,
    exporting,
    handing_over,
    handling_items,
    home,
    issuing_letters,
    journal,
    judging_contents,
    keeping_reasons,
    keeping_templates,
    key_holders,
    ledger,
    ledger_imports,
    loading_notices,
    managing_organisations,
    managing_people,
    mapping,
    missions,
    pages,
    people,
    photos,
    problems,
    redacting,
    review_together,
    reviewing,
    saved_views,
    sealing,
    signing_in,
    statics,
    studying_problems,
    talking,
    task_imports,
    tasks,
    team,
    verification,
)
from server.console.headers import secure
from server.console.refusing import show_refusal

blueprint = Blueprint.group(
    statics.blueprint,
    signing_in.blueprint,
    changing_password.blueprint,
    home.blueprint,
    photos.blueprint,
    reviewing.blueprint,
    review_together.blueprint,
    talking.blueprint,
    redacting.blueprint,
    judging_contents.blueprint,
    ledger.blueprint,
    ledger_imports.blueprint,
    batching.blueprint,
    cockpit.blueprint,
    exporting.blueprint,
    mapping.blueprint,
    saved_views.blueprint,
    deciding_items.blueprint,
    handling_items.blueprint,
    issuing_letters.blueprint,
    cases.blueprint,
    problems.blueprint,
    studying_problems.blueprint,
    missions.blueprint,
    team.blueprint,
    tasks.blueprint,
    task_imports.blueprint,
    people.blueprint,
    managing_people.blueprint,
    managing_organisations.blueprint,
    handing_over.blueprint,
    loading_notices.blueprint,
    keeping_reasons.blueprint,
    keeping_templates.blueprint,
    sealing.blueprint,
    key_holders.blueprint,
    journal.blueprint,
    verification.blueprint,
    url_prefix="/console",
)


def attach(app: Sanic[Any, Any]) -> None:
    """Put the console's pages on the server."""
    app.blueprint(blueprint)
    app.register_middleware(secure, "response")
    app.ctx.show_refusal = show_refusal
    app.ctx.show_mark = verification.show_mark
    app.before_server_start(_warm)


async def _warm(_: Sanic[Any, Any]) -> None:
    """Nobody waits for templates and packed files: both are made before the first visitor comes."""
    pages.warm()
    statics.warm()
