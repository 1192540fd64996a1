"""The `/metrics` endpoint in the Prometheus text format, open to this machine or with a token."""

import hmac
import ipaddress
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as TEXT
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sanic import Blueprint, HTTPResponse, Request
from tortoise import connections

from server.kernel.refusal import NoSuchThing
from server.web.door.admission import tools_of
from server.web.door.guards import public

blueprint = Blueprint("metrics")
PASSED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
DATABASE = """SELECT
    (SELECT count(*) FROM pgqueuer) AS jobs_waiting,
    (SELECT coalesce(extract(epoch FROM now() - min(created)), 0) FROM pgqueuer) AS oldest_job_seconds,
    (SELECT count(*) FROM subscribe_message WHERE state = 'waiting') AS subscribe_messages_waiting,
    (SELECT count(*) FROM subscribe_message WHERE state = 'failed') AS subscribe_messages_failed,
    (SELECT count(*) FROM subscribe_message WHERE state = 'unknown') AS subscribe_messages_unknown,
    (SELECT coalesce(sum(failures), 0) FROM digest_failures) AS digests_failed,
    (SELECT count(*) FROM delivery WHERE state IN ('failed', 'unknown') AND seen_at IS NULL) AS reminders_troubled,
    (SELECT count(*) FROM delivery WHERE state IN ('planned', 'held') AND due_at < now() - interval '1 hour')
        AS reminders_late,
    (SELECT coalesce(max(id), 0) FROM journal_entry) AS journal_entries,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS database_connections"""


class Now(Collector):
    """The current figures, read for a single response."""

    def __init__(self, read: dict[str, Any], *, times_away: int, free_bytes: int) -> None:
        self._gauges = {**read, "storage_free_bytes": free_bytes}
        self._times_away = times_away

    def collect(self) -> Iterator[Metric]:
        """Yield each figure under its name."""
        for name, value in self._gauges.items():
            yield GaugeMetricFamily(
                f"duchatong_{name}", name.replace("_", " ").capitalize(), value=float(value)
            )
        yield CounterMetricFamily(
            "duchatong_database_away", "Times that the database did not answer", value=self._times_away
        )


@blueprint.get("/metrics", name="show", ctx_guard=public(per_minute=600))
async def show(request: Request) -> HTTPResponse:
    """Return the metrics of this process and of the database; to strangers the address does not exist."""
    if not is_ours(request):
        raise NoSuchThing
    database = connections.get("default")
    (read,) = await database.execute_query_dict(DATABASE)
    now = CollectorRegistry()
    now.register(
        Now(
            read,
            times_away=database.watch.times_away,
            free_bytes=tools_of(request).storage.free_bytes(),
        )
    )
    told = generate_latest(request.app.ctx.measure.registry) + generate_latest(now)
    return HTTPResponse(told, content_type=TEXT)


def is_ours(request: Request) -> bool:
    """Tell whether a request comes from this machine without a proxy, or carries the METRICS_TOKEN."""
    token = tools_of(request).settings.metrics_token
    if token and request.token and hmac.compare_digest(request.token.encode(), token.encode()):
        return True
    is_passed_on = any(name in request.headers for name in PASSED_ON)
    return not is_passed_on and ipaddress.ip_address(request.ip).is_loopback
