"""A server with a protection taken out: `python -m tests.rig.altered NAME,NAME --port N`.

The product has no switch for this. Whoever wants to prove that a test bites runs this program instead.
"""

import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.transactions import in_transaction

from models import Person, config, safe_asyncpg
from models.watching import DatabaseWatch
from server import serve, work
from server.observations import receiving, submitting


def small_pool() -> None:
    """Five connections to the database, as in the finding that led to goal G3."""
    config.tortoise_config.__kwdefaults__["pool"] = 5


def unshielded() -> None:
    """Deeds run in the handler's own task, on the engine as Tortoise ships it."""

    async def in_the_open(act: Callable[[], Awaitable[Any]]) -> Any:
        async with in_transaction():
            return await act()

    safe_asyncpg.client_class._in_transaction = AsyncpgDBClient._in_transaction
    work.unit_of_work = in_the_open


def unlined() -> None:
    """Nobody stands in line: look whether the report is there, then insert it."""

    async def just_look(person: Person) -> Person:
        return await Person.get(id=person.id)

    submitting.stand_in_line = just_look
    receiving.stand_in_line = just_look


def unwatched() -> None:
    """Nobody watches whether the database answers."""

    async def look_away(_: DatabaseWatch) -> None:
        pass

    DatabaseWatch.start = look_away


CHANGES = {act.__name__: act for act in (small_pool, unshielded, unlined, unwatched)}

if __name__ == "__main__":
    for name in sys.argv.pop(1).split(","):
        CHANGES[name]()
    serve.main()
