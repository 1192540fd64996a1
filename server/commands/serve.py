"""Runs one server process: `scripts/serve --port 8000`. Run several behind a proxy, each under a supervisor."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from functools import partial
from typing import Any

import structlog
from sanic import Sanic
from sanic.worker.loader import AppLoader
from tortoise import connections

from server.commands.worker import work
from server.kernel import logs
from server.kernel.own_folder import close_to_others
from server.kernel.unit_of_work import AWAY, begin
from server.settings import Settings, SettingsMissing, read_settings
from server.web.app import build_app

STOP_AFTER_SECONDS = 0.1
KEEPS_ROWS_OUT_OF_LOG = """SELECT current_setting('log_error_verbosity') = 'terse'
    AND current_setting('log_parameter_max_length') = '0' AS does"""
# Without these a crash of the machine takes back what was acknowledged (G5).
FORGETFUL = """SELECT string_agg(name, ' ' ORDER BY name) AS names FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'"""
ASK_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """Build the app of a real process: it opens its gateways at start, and runs the worker if the settings say so."""
    app = build_app(settings)
    app.before_server_start(_keep_what_is_loaded)
    app.after_server_start(_hear_stops)
    app.after_server_start(_look_at_database_log)
    app.after_server_start(_look_at_database_durability)
    app.before_server_stop(_tell_stop)
    if settings.run_worker:
        app.ctx.stop_work = asyncio.Event()
        app.after_server_start(_start_work)
        app.before_server_stop(_stop_work)
    return app


async def _keep_what_is_loaded(_: Sanic[Any, Any]) -> None:
    """Leave modules, models and templates out of every later look for garbage, which would hold up requests."""
    gc.collect()
    gc.freeze()


async def _hear_stops(app: Sanic[Any, Any]) -> None:
    """Stop a moment after a signal: Sanic loses a signal that arrives in the loop turn in which its start ends."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()

    def stop_soon() -> None:
        if not heard.is_set():
            heard.set()
            loop.call_later(STOP_AFTER_SECONDS, partial(app.stop, terminate=False))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop_soon)
    log.info("server_serves", pid=os.getpid(), works=app.ctx.settings.run_worker)


async def _look_at_database_log(_: Sanic[Any, Any]) -> None:
    begin(_tell_of_rows_in_log())


async def _tell_of_rows_in_log() -> None:
    """Warn if the database's own log contains rows: only its administrator can change that (decision 0022)."""
    (found,) = await connections.get("default").execute_query_dict(KEEPS_ROWS_OUT_OF_LOG)
    if not found["does"]:
        log.warning("database_log_names_rows", set="log_error_verbosity=terse log_parameter_max_length=0")


async def _look_at_database_durability(app: Sanic[Any, Any]) -> None:
    begin(_leave_a_forgetful_database(app))


async def _leave_a_forgetful_database(app: Sanic[Any, Any]) -> None:
    """Stop, as soon as the database answers, if it acknowledges what it has not yet written to its disk."""
    while True:
        try:
            (found,) = await connections.get("default").execute_query_dict(FORGETFUL)
            break
        except AWAY:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
    if found["names"]:
        app.ctx.refused = f"数据库的{found['names']}是 off，断电会丢失已确认的上报。请改成 on 后再启动。"
        log.error("database_forgets", off=found["names"])
        app.stop(terminate=False)


async def _tell_stop(_: Sanic[Any, Any]) -> None:
    log.info("server_stops", pid=os.getpid())


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
        log.error("settings_missing")
        sys.exit(f"还缺少这些设置：\n{error}")
    close_to_others(settings.data_dir)
    log.info("server_starts", pid=os.getpid(), port=options.port)
    app = AppLoader(factory=partial(create_app, settings)).load()
    app.prepare(host=options.host, port=options.port, single_process=True, motd=False, access_log=False)
    Sanic.serve_single(app)
    log.info("server_ended", pid=os.getpid())
    if refused := getattr(app.ctx, "refused", ""):
        sys.exit(refused)


if __name__ == "__main__":
    main()
