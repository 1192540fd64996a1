"""The mini-program's JSON API: one blueprint for each resource."""

from sanic import Blueprint

from server.web.miniapp import (
    account,
    cases,
    files,
    health,
    inbox,
    ledger,
    ledger_deeds,
    letters,
    metrics,
    missions,
    obligations,
    observations,
    photos,
    problems,
    receipts,
    rechecks,
    reminders,
    reviewing,
    sealed,
    sessions,
    site_visits,
    to_do,
    uploads,
    wechat,
)

PREFIX = "/api/v1"
counter = Blueprint.group(
    sessions.blueprint,
    account.blueprint,
    observations.blueprint,
    photos.blueprint,
    uploads.blueprint,
    ledger.blueprint,
    ledger_deeds.blueprint,
    rechecks.blueprint,
    cases.blueprint,
    letters.blueprint,
    problems.blueprint,
    missions.blueprint,
    site_visits.blueprint,
    obligations.blueprint,
    files.blueprint,
    to_do.blueprint,
    reviewing.blueprint,
    inbox.blueprint,
    reminders.blueprint,
    receipts.blueprint,
    sealed.blueprint,
    wechat.pictures,
    url_prefix=PREFIX,
)
blueprint = Blueprint.group(
    counter, receipts.verify_blueprint, wechat.blueprint, health.blueprint, metrics.blueprint
)
