"""What the office's monitoring reads: `/metrics` in the Prometheus text format, on this machine or by a token."""

import hmac
import ipaddress

from sanic import Blueprint, HTTPResponse, Request
from tortoise import connections

from server.kernel.refusal import NoSuchThing
from server.web.door.admission import tools_of
from server.web.door.guards import public

blueprint = Blueprint("metrics")
TEXT = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
DATABASE = """SELECT
    (SELECT count(*) FROM pgqueuer) AS jobs_waiting,
    (SELECT coalesce(extract(epoch FROM now() - min(created)), 0) FROM pgqueuer) AS oldest_job_seconds,
    (SELECT count(*) FROM subscribe_message WHERE state = 'waiting') AS subscribe_messages_waiting,
    (SELECT count(*) FROM subscribe_message WHERE state = 'failed') AS subscribe_messages_failed,
    (SELECT count(*) FROM subscribe_message WHERE state = 'unknown') AS subscribe_messages_unknown,
    (SELECT coalesce(sum(failures), 0) FROM digest_failures) AS digests_failed,
    (SELECT coalesce(max(id), 0) FROM journal_entry) AS journal_entries,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS database_connections"""


@blueprint.get("/metrics", name="show", ctx_guard=public(per_minute=600))
async def show(request: Request) -> HTTPResponse:
    """The counts of this process and of the database; for strangers the address does not exist."""
    if not _is_ours(request):
        raise NoSuchThing
    database = connections.get("default")
    (row,) = await database.execute_query_dict(DATABASE)
    told = request.app.ctx.measure.lines()
    told += [f"# TYPE duchatong_{name} gauge\nduchatong_{name} {value:g}" for name, value in row.items()]
    away = "duchatong_database_away_total"
    told.append(f"# TYPE {away} counter\n{away} {database.watch.times_away}")
    free = tools_of(request).storage.free_bytes()
    told.append(f"# TYPE duchatong_storage_free_bytes gauge\nduchatong_storage_free_bytes {free}")
    return HTTPResponse("\n".join(told) + "\n", content_type=TEXT)


def _is_ours(request: Request) -> bool:
    """From this very machine and not passed on by a proxy, or with the token of METRICS_TOKEN."""
    token = tools_of(request).settings.metrics_token
    if token and request.token and hmac.compare_digest(request.token.encode(), token.encode()):
        return True
    is_passed_on = any(name in request.headers for name in PASSED_ON)
    return not is_passed_on and ipaddress.ip_address(request.ip).is_loopback
