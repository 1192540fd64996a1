"""The worker: reacts to events and runs the timetable. Started by `scripts/work` or by a trial server."""

import asyncio
import functools
import os
import signal
from typing import Any
from uuid import UUID

import structlog
from tortoise import Tortoise, connections

from models.config import tortoise_config
from server import reporters, site_visits
from server.gateways import queue
from server.jobs import renditions
from server.jobs.reactions import react
from server.jobs.timetable import TIMETABLE, Timetable
from server.journal import anchoring
from server.kernel import logs
from server.kernel.own_folder import close_to_others
from server.settings import read_settings
from server.tools import Tools, real_tools

log = structlog.get_logger(__name__)


async def work(tools: Tools, *, stop: asyncio.Event, timetable: Timetable = TIMETABLE) -> None:
    """Do what the journal and the clock require until `stop`; the database must be open."""

    async def on_entry(arguments: dict[str, Any]) -> None:
        await react(arguments["entry_id"], tools=tools)

    async def on_photo(arguments: dict[str, Any]) -> None:
        await renditions.render(UUID(arguments["photo_id"]), tools=tools)

    sweeps = {name: (when, functools.partial(act, tools)) for name, (when, act) in timetable.items()}
    connect = connections.get("default").line
    at_work = functools.partial(queue.work, connect, stop=stop)
    await asyncio.gather(
        at_work(jobs={"react": on_entry}, sweeps=sweeps),
        at_work(jobs={renditions.JOB: on_photo}, sweeps={}, at_once=renditions.AT_ONCE),
        anchoring.close_blocks(stop=stop),
    )


async def main() -> None:
    """Run until told to stop."""
    logs.configure()
    settings = read_settings()
    close_to_others(settings.data_dir)
    log.info("worker_starts", pid=os.getpid())
    tools = await real_tools(settings)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    await connections.get("default").watch.start()
    site_visits.announce_by(tools.redis.publish)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log.info("worker_works", pid=os.getpid())
    try:
        await work(tools, stop=stop)
        log.info("worker_stops", pid=os.getpid())
    finally:
        await tools.close()
        await Tortoise.close_connections()


if __name__ == "__main__":
    asyncio.run(main())
