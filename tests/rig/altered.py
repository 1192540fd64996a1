"""Runs a server (without a port, a worker) without some protections: `python -m tests.rig.altered NAME,NAME --port N`.

The product has no switch for this. This program proves that a test fails without its protection.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
from sanic import Request
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.transactions import in_transaction

from models import ConsoleLogin, Photo, config, safe_asyncpg
from models.watching import DatabaseWatch
from server import reporters
from server.commands import serve, worker
from server.gateways import hearing
from server.gateways.images import PictureRenderer
from server.gateways.storage import keeping, outcomes
from server.jobs import renditions
from server.kernel import unit_of_work as work
from server.people import browsers, signing_in
from server.settings import read_settings
from server.tools import Tools, real_tools
from server.web.door import idempotency, operations, problems
from server.web.door.operations import Done


def small_pool() -> None:
    """Use five database connections, as in the finding that led to goal G3."""
    config.tortoise_config.__kwdefaults__["pool"] = 5


def unshielded() -> None:
    """Run units of work in the handler's own task, on the engine as Tortoise ships it."""

    async def in_the_open(act: Callable[[], Awaitable[Any]]) -> Any:
        async with in_transaction():
            return await act()

    safe_asyncpg.client_class._in_transaction = AsyncpgDBClient._in_transaction
    work.run_unit_of_work = in_the_open


def unlined() -> None:
    """Don't lock reporters: check whether the report exists, then insert it."""

    async def just_pass(_: UUID) -> None:
        pass

    reporters.lock_reporter = just_pass


def unwatched() -> None:
    """Don't watch whether the database answers."""

    async def look_away(_: DatabaseWatch) -> None:
        pass

    DatabaseWatch.start = look_away


def roomy() -> None:
    """Don't expect a disk to be full."""
    outcomes.NO_ROOM.clear()
    work.AWAY = tuple(kind for kind in work.AWAY if kind is not asyncpg.InsufficientResourcesError)
    problems.AWAY = work.AWAY


def unweighed() -> None:
    """Take whatever arrives for the photo that was announced."""
    keeping._check = lambda *_: None


def one_line() -> None:
    """Render photos in order of arrival, however many a sender sent."""

    async def as_they_come(waiting: Iterable[Photo]) -> None:
        await in_turns(Photo(id=photo.id, turn=0) for photo in waiting)

    in_turns = renditions.put_in_line
    renditions.put_in_line = as_they_come


def one_door() -> None:
    """Check photos in order of arrival, however many a sender sent."""

    async def as_it_comes(
        renderer: PictureRenderer, read: Callable[[], Awaitable[bytes]], *, turn: int
    ) -> None:
        await in_turns(renderer, read, turn=0 * turn)

    in_turns = PictureRenderer.look
    PictureRenderer.look = as_it_comes


def one_room() -> None:
    """Render photos in the job that reacts, before anybody is told."""

    async def at_once(waiting: Iterable[Photo]) -> None:
        async with asyncio.TaskGroup() as every:
            for photo in waiting:
                every.create_task(renditions.render(photo.id, tools=await the_tools()))

    tools: list[Tools] = []

    async def the_tools() -> Tools:
        if not tools:
            tools.append(await real_tools(read_settings()))
        return tools[0]

    renditions.put_in_line = at_once


def all_strange() -> None:
    """Know no browser: anyone who guesses uses up everybody's attempts."""
    browsers.known_name = lambda *_, **__: None


def telltale() -> None:
    """Refuse an unknown name at once."""
    whole = signing_in.proven_step

    async def quick(login: ConsoleLogin | None, *typed: str, **given: Any) -> int | None:
        return await whole(login, *typed, **given) if login else None

    signing_in.proven_step = quick


def answered_inside() -> None:
    """Make each answer in its command's transaction, and store the result after the journal entry."""
    once = idempotency.once

    async def once_answered(
        request: Request, do: Callable[[], Awaitable[Done]], *, shape: type[Done]
    ) -> Done:
        async def do_and_answer() -> Done:
            done = await do()
            await done.answered(request)
            return done

        return await once(request, do_and_answer, shape=shape)

    idempotency.journal = SimpleNamespace(together=nullcontext)
    operations.once = once_answered


def standing() -> None:
    """Stand still on the event loop for a second at each command."""
    run = work.run_unit_of_work

    async def stand_and_run(act: Callable[[], Awaitable[Any]]) -> Any:
        time.sleep(1.0)
        return await run(act)

    work.run_unit_of_work = stand_and_run


def deaf() -> None:
    """Hear nothing that the database announces."""

    async def hear_nothing(*_: Any) -> None:
        pass

    hearing.hear = hear_nothing


CHANGES = {
    act.__name__: act
    for act in (
        small_pool,
        unshielded,
        unlined,
        unwatched,
        roomy,
        unweighed,
        one_line,
        one_door,
        one_room,
        all_strange,
        telltale,
        answered_inside,
        standing,
        deaf,
    )
}

if __name__ == "__main__":
    for name in sys.argv.pop(1).split(","):
        CHANGES[name]()
    if "--port" in sys.argv:
        serve.main()
    else:
        asyncio.run(worker.main())
