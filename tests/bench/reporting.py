"""Measures what a report costs and how fast a person's reports are found: `scripts/bench reporting [reports]`.

Uses a temporary database with that many marks of other people; prints medians in milliseconds.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
from tortoise import Tortoise

from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role
from server import observations, people, reporters
from server.commands.migrate import migrate
from server.kernel.clock import business_date
from server.observations import SubmitObservation
from server.reporters.finding import marked
from server.reporters.months import month_of
from server.reporters.salting import salts_of
from server.tools import real_tools
from server.trial.postgres import EmbeddedPostgres
from tests.conftest import a_report, settings_for

OTHERS = """
INSERT INTO reporter (observation_id, mark, box, key_id)
SELECT gen_random_uuid(), sha256(uuid_send(gen_random_uuid())), decode(repeat('ab', 51), 'hex'), 'k1'
FROM generate_series(1, $1)
"""
TURNS = 40


async def median_ms(act: Callable[[], Awaitable[Any]]) -> float:
    """Return the median of many runs."""
    spent = []
    for _ in range(TURNS):
        started = time.perf_counter()
        await act()
        spent.append(time.perf_counter() - started)
    return round(statistics.median(spent) * 1000, 2)


async def measure(url: str, folder: Path, *, reports: int) -> dict[str, float]:
    """Measure one member among the marks of many others: submit, find this month's, find those of two years."""
    await migrate(url)
    tools = await real_tools(settings_for(url, folder, wechat_url="http://127.0.0.1:1"))
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(url))
    root = await people.add_organisation(
        "改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    now = tools.clock.now()
    person = await people.add_person(
        "老马", role=Role.TEAM_MEMBER, by=None, now=now, keys=tools.keys, organisation=root
    )
    connection = await asyncpg.connect(url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(OTHERS, reports)
    await connection.execute("ANALYZE reporter")
    await connection.close()
    actor = await people.actor_as(person, on=business_date(now))
    command = msgspec.convert(a_report(), SubmitObservation)

    async def submit() -> None:
        await observations.submit(command, client_id=uuid4(), by=actor, now=now)

    async def find(months: int) -> None:
        (own,) = await salts_of(person.id)
        last = month_of(business_date(now))
        await marked(own.salt, range(last - months + 1, last + 1))

    found = {"among": reports, "submit": await median_ms(submit)}
    found["mine_this_month"] = await median_ms(lambda: find(1))
    found["mine_24_months"] = await median_ms(lambda: find(24))
    await tools.close()
    await Tortoise.close_connections()
    return found


def main() -> None:
    """Measure among the given number of reports, 100,000 by default."""
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        url = postgres.start()
        try:
            print(json.dumps(asyncio.run(measure(url, Path(folder) / "data", reports=reports))))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
