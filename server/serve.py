"""One server process: `python -m server.serve --port 8000`. Run several behind a proxy, each under a supervisor."""

import argparse
import asyncio
import sys
from functools import partial
from typing import Any

from sanic import Sanic
from sanic.worker.loader import AppLoader

from server import logs
from server.app import build_app
from server.settings import Settings, SettingsMissing, read_settings
from server.worker import work


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """The app of a real process: its gateways open when it starts, and the worker runs inside if asked to."""
    app = build_app(settings)
    if settings.run_worker:
        app.ctx.stop_work = asyncio.Event()
        app.after_server_start(_start_work)
        app.before_server_stop(_stop_work)
    return app


async def _start_work(app: Sanic[Any, Any]) -> None:
    app.ctx.work = asyncio.create_task(work(app.ctx.tools, stop=app.ctx.stop_work))


async def _stop_work(app: Sanic[Any, Any]) -> None:
    app.ctx.stop_work.set()
    await asyncio.wait([app.ctx.work], timeout=10)
    app.ctx.work.cancel()


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    logs.configure()
    try:
        settings = read_settings()
    except SettingsMissing as error:
        sys.exit(f"还缺少这些设置：\n{error}")
    app = AppLoader(factory=partial(create_app, settings)).load()
    app.prepare(host=options.host, port=options.port, single_process=True, motd=False, access_log=False)
    Sanic.serve_single(app)


if __name__ == "__main__":
    main()
