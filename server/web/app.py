"""The Sanic app: the API, the console and the request handling they share; its starter passes in all it needs."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from sanic import Sanic
from tortoise import Tortoise, connections

from models.config import tortoise_config
from server import people, reporters, site_visits
from server.gateways import hearing
from server.kernel.clock import Clock, business_date
from server.kernel.unit_of_work import finish_all
from server.kernel.workdays import Calendar
from server.notifications import subscriptions
from server.packs import ways_of
from server.settings import Settings
from server.tools import Tools, real_tools
from server.web import console, miniapp
from server.web.door import admission, metrics
from server.web.door.heard_events import HeardEvents
from server.web.door.problems import Refusals

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600
DIGEST = re.compile(r"[0-9a-f]{64}")
REQUEST_MAX_SIZE = 1024 * 1024  # for addresses without a route; each route sets its own limit


def build_app(settings: Settings, *, name: str = "duchatong", clock: Clock | None = None) -> Sanic[Any, Any]:
    """Build the app; it opens gateways and database on start, and closes them after the last unit of work."""
    app = Sanic(
        name,
        error_handler=Refusals(),
        signal_router=HeardEvents(),
        dumps=msgspec.json.encode,
        configure_logging=False,
    )
    app.ctx.settings = settings
    app.ctx.clock = clock
    app.config.update(
        AUTO_EXTEND=False,
        ACCESS_LOG=False,
        REQUEST_MAX_SIZE=REQUEST_MAX_SIZE,
        REQUEST_TIMEOUT=60,
        RESPONSE_TIMEOUT=60,
        KEEP_ALIVE_TIMEOUT=15,
        GRACEFUL_SHUTDOWN_TIMEOUT=20,
        FORWARDED_SECRET=settings.forwarded_secret or None,
        PROXIES_COUNT=None,  # otherwise any direct client could claim an address
        TOUCHUP=False,
    )
    attach_counters(app)
    app.before_server_start(_warm)
    app.before_server_start(_open)
    app.before_server_stop(_drain)
    app.after_server_stop(_close)
    return app


def attach_counters(app: Sanic[Any, Any]) -> None:
    """Register the API, the console and their shared request handling on an app."""
    app.router.register_pattern("digest", _digest, DIGEST.pattern)
    app.blueprint(miniapp.blueprint)
    console.attach(app)
    admission.attach(app)
    metrics.attach(app)


def _digest(part: str) -> str:
    """Return a SHA-256 from an address; Sanic checks path parts with this function, not with the pattern."""
    if not DIGEST.fullmatch(part):
        raise ValueError
    return part


async def _warm(app: Sanic[Any, Any]) -> None:
    """Read the city's pack and count working days before somebody waits for it; asks no database."""
    ways_of(app.ctx.settings.city_pack)
    today = business_date(datetime.now(UTC))
    Calendar().between(today, today + timedelta(days=366))


async def _open(app: Sanic[Any, Any]) -> None:
    app.ctx.tools = await real_tools(app.ctx.settings, clock=app.ctx.clock)
    reporters.unlock(app.ctx.tools.marks, ring=app.ctx.tools.keys)
    config = tortoise_config(app.ctx.settings.database_url)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    await connections.get("default").watch.start()
    app.ctx.boards = _board_hub(app.ctx.tools)
    app.ctx.hourly = asyncio.create_task(_write_down())


def _board_hub(tools: Tools) -> site_visits.BoardHub:
    """Return the hub of this process: it hears through the database and, where there is one, through Redis."""
    site_visits.announce_by(tools.redis.publish)
    connect = connections.get("default").line
    return site_visits.BoardHub(
        partial(hearing.hear, connect, site_visits.CHANNEL), partial(tools.redis.hear, site_visits.CHANNEL)
    )


async def _write_down() -> None:
    """Write hourly, not at requests, which phones were seen today and which messages were allowed with reports."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await _write_down_now()


async def _write_down_now() -> None:
    for write in (people.write_down_seen, subscriptions.write_down_heard):
        try:
            await write()
        except Exception as error:
            # without the database, a session idles out a day sooner and one message too many is requested
            log.warning("not_written_down", what=write.__name__, kind=type(error).__name__)


async def _drain(app: Sanic[Any, Any]) -> None:
    await app.ctx.boards.close()
    await finish_all()


async def _close(app: Sanic[Any, Any]) -> None:
    app.ctx.hourly.cancel()
    await finish_all()
    await _write_down_now()
    await app.ctx.tools.close()
    await Tortoise.close_connections()
