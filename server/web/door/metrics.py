"""Measuring: how many requests came to which route, how they ended and how long they took. No word about whom."""

import time
from collections import Counter
from typing import Any

import structlog
from sanic import Request, Sanic
from sanic.response import BaseHTTPResponse

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
SLOW_SECONDS = 2.0  # then the log tells of it; ten times what a page may take
TOLD_AS_ONE = ("/api/v1/sealed", "/api/v1/sessions", "/api/v1/tickets")
Route = str

log = structlog.get_logger(__name__)


class Measure:
    """The counts of one process since its start."""

    def __init__(self) -> None:
        self.ended: Counter[tuple[str, Route, int]] = Counter()
        self.within: Counter[tuple[Route, float]] = Counter()
        self.count: Counter[Route] = Counter()
        self.seconds: Counter[Route] = Counter()
        self.under_way = 0

    def note(self, method: str, route: Route, *, status: int, seconds: float) -> None:
        """One request that was answered."""
        self.ended[method, route, status] += 1
        self.count[route] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]
        for bucket in BUCKETS:
            self.within[route, bucket] += seconds <= bucket

    def lines(self) -> list[str]:
        """The counts in the Prometheus text format."""
        told = ["# TYPE http_requests_total counter"]
        for (method, route, status), count in sorted(self.ended.items()):
            told.append(f'http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        told.append("# TYPE http_request_seconds histogram")
        for route in sorted(self.count):
            told += [
                f'http_request_seconds_bucket{{route="{route}",le="{bucket}"}} {self.within[route, bucket]}'
                for bucket in BUCKETS
            ]
            told.append(f'http_request_seconds_bucket{{route="{route}",le="+Inf"}} {self.count[route]}')
            told.append(f'http_request_seconds_sum{{route="{route}"}} {self.seconds[route]:.6f}')
            told.append(f'http_request_seconds_count{{route="{route}"}} {self.count[route]}')
        return [*told, "# TYPE http_requests_under_way gauge", f"http_requests_under_way {self.under_way}"]


def attach(app: Sanic[Any, Any]) -> None:
    """Measure every request of an app; the counts lie at `app.ctx.measure`."""
    app.ctx.measure = Measure()

    async def begin(request: Request) -> None:
        request.ctx.began = time.perf_counter()
        app.ctx.measure.under_way += 1

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        began = getattr(request.ctx, "began", None)
        if began is None:
            return
        request.ctx.began = None  # a response is measured once
        app.ctx.measure.under_way -= 1
        method, route, status = _counted_as(request, response.status)
        seconds = time.perf_counter() - began
        app.ctx.measure.note(method, route, status=status, seconds=seconds)
        if seconds > SLOW_SECONDS and not _takes_a_file(request):
            log.warning("slow_request", method=method, route=route, status=status, seconds=round(seconds, 1))

    app.register_middleware(begin, "request")
    app.register_middleware(end, "response")


def _counted_as(request: Request, status: int) -> tuple[str, Route, int]:
    """Method, route and status as they are told; of sealed reports and of what opens the program only that it was one.

    Counts are read every few seconds: a sealed report that is counted apart stands beside who was seen just then.
    """
    route = f"/{request.route.path}" if request.route else "none"
    if route.startswith(TOLD_AS_ONE):
        return "any", TOLD_AS_ONE[0], status // 100 * 100
    return request.method, route, status


def _takes_a_file(request: Request) -> bool:
    """Whether the time was the actor's: a file comes as slowly as his line is."""
    guard = getattr(request.route.ctx, "guard", None) if request.route else None
    return guard is not None and guard.max_bytes is None
