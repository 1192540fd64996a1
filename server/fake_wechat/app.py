"""Builds the fake WeChat's app."""

from types import SimpleNamespace
from uuid import uuid4

from sanic import Sanic
from sanic.config import Config

from server.fake_wechat import control, desks
from server.fake_wechat.settings import Settings
from server.fake_wechat.world import World

App = Sanic[Config, SimpleNamespace]


def create_app(settings: Settings | None = None) -> App:
    """Create a fake WeChat; several may run in one process."""
    app = Sanic(f"fake_wechat_{uuid4().hex}", configure_logging=False)
    # TOUCHUP rewrites classes of the whole process, which breaks the next app in it.
    # Without keep-alive, no idle connection delays the stop.
    app.config.update(
        TOUCHUP=False,
        AUTO_EXTEND=False,
        ACCESS_LOG=False,
        KEEP_ALIVE=False,
        REQUEST_MAX_SIZE=1_000_000,
        RESPONSE_TIMEOUT=3600,
        GRACEFUL_SHUTDOWN_TIMEOUT=0.5,
        FALLBACK_ERROR_FORMAT="json",
    )
    app.ctx.world = World(settings or Settings())
    app.blueprint(desks.blueprint)
    app.blueprint(control.blueprint)
    app.before_server_stop(_rest)
    return app


async def _rest(app: App) -> None:
    app.ctx.world.rest()
