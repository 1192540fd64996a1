"""The server: counters glued to the door. Everything a process needs is handed in by its starter."""

import asyncio
import re
from typing import Any

import msgspec
import structlog
from sanic import Sanic
from tortoise import Tortoise, connections

from models.config import tortoise_config
from server import people, reporters
from server.kernel.clock import Clock
from server.kernel.unit_of_work import finish_all
from server.notifications import subscriptions
from server.settings import Settings
from server.tools import real_tools
from server.web import console, miniapp
from server.web.door import admission, metrics
from server.web.door.problems import Refusals

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600
DIGEST = re.compile(r"[0-9a-f]{64}")
REQUEST_MAX_SIZE = 1024 * 1024  # routes say their own; this is for what has no route


def build_app(settings: Settings, *, name: str = "duchatong", clock: Clock | None = None) -> Sanic[Any, Any]:
    """The app with its counters; it opens gateways and database at its start, and closes them after the last deed."""
    app = Sanic(name, error_handler=Refusals(), dumps=msgspec.json.encode, configure_logging=False)
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
        PROXIES_COUNT=None,  # would believe whoever reaches the process itself
        TOUCHUP=False,
    )
    attach_counters(app)
    app.before_server_start(_open)
    app.before_server_stop(_drain)
    app.after_server_stop(_close)
    return app


def attach_counters(app: Sanic[Any, Any]) -> None:
    """Put both counters and their door on an app."""
    app.router.register_pattern("digest", _digest, DIGEST.pattern)
    app.blueprint(miniapp.blueprint)
    console.attach(app)
    admission.attach(app)
    metrics.attach(app)


def _digest(part: str) -> str:
    """A SHA-256 in an address; Sanic asks this function, not the pattern, whether a part fits."""
    if not DIGEST.fullmatch(part):
        raise ValueError
    return part


async def _open(app: Sanic[Any, Any]) -> None:
    app.ctx.tools = await real_tools(app.ctx.settings, clock=app.ctx.clock)
    reporters.unlock(app.ctx.tools.marks, ring=app.ctx.tools.keys)
    config = tortoise_config(app.ctx.settings.database_url)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    await connections.get("default").watch.start()
    app.ctx.hourly = asyncio.create_task(_write_down())


async def _write_down() -> None:
    """Once an hour, on nobody's request: which phones were seen today, and which messages were allowed at reports."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await _write_down_now()


async def _write_down_now() -> None:
    for write in (people.write_down_seen, subscriptions.write_down_heard):
        try:
            await write()
        except (
            Exception
        ) as error:  # the database is away: a session idles a day sooner, a message more is asked for
            log.warning("not_written_down", what=write.__name__, kind=type(error).__name__)


async def _drain(_: Sanic[Any, Any]) -> None:
    await finish_all()


async def _close(app: Sanic[Any, Any]) -> None:
    app.ctx.hourly.cancel()
    await finish_all()
    await _write_down_now()
    await app.ctx.tools.close()
    await Tortoise.close_connections()
