"""Request metrics: how many requests each route got, how they ended and how long they took; nothing about people."""

import time
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SLOW_SECONDS = 2.0  # slower requests are logged; ten times what a page may take
TOLD_AS_ONE = ("/api/v1/sealed", "/api/v1/sessions", "/api/v1/tickets")
Route = str

log = structlog.get_logger(__name__)


disable_created_metrics()  # they would reveal when something first happened


class Measure:
    """The counts of one process since its start; each process has its own labels."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.ended = Counter(
            "http_requests",
            "Requests that were answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "http_request_seconds",
            "From a request's arrival to its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.under_way = Gauge(
            "http_requests_under_way", "Requests that are not yet answered.", registry=self.registry
        )

    def note(self, method: str, route: Route, *, status: int, seconds: float) -> None:
        """Count one answered request."""
        self.ended.labels(method, route, status).inc()
        self.seconds.labels(route).observe(seconds)


def attach(app: Sanic[Any, Any]) -> None:
    """Measure every request of an app; the counts are at `app.ctx.measure`."""
    app.ctx.measure = Measure()

    async def begin(request: Request) -> None:
        request.ctx.began = time.perf_counter()
        app.ctx.measure.under_way.inc()

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        began = getattr(request.ctx, "began", None)
        if began is None:
            return
        request.ctx.began = None  # each response is measured once
        app.ctx.measure.under_way.dec()
        method, route, status = _counted_as(request, response.status)
        seconds = time.perf_counter() - began
        app.ctx.measure.note(method, route, status=status, seconds=seconds)
        if seconds > SLOW_SECONDS and not _takes_a_file(request):
            log.warning("slow_request", method=method, route=route, status=status, seconds=round(seconds, 1))

    app.register_middleware(begin, "request")
    app.register_middleware(end, "response")


def _counted_as(request: Request, status: int) -> tuple[str, Route, int]:
    """Return the method, route and status to count; sealed reports and the program's start share one label.

    Counts are read every few seconds: counted apart, a sealed report could be matched with the people seen just then.
    """
    route = f"/{request.route.path}" if request.route else "none"
    if route.startswith(TOLD_AS_ONE):
        return "any", TOLD_AS_ONE[0], status // 100 * 100
    return request.method, route, status


def _takes_a_file(request: Request) -> bool:
    """Tell whether the actor's connection sets the time, because the route takes a file."""
    guard = getattr(request.route.ctx, "guard", None) if request.route else None
    return guard is not None and guard.max_bytes is None
