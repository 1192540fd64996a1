"""Measures planning a day's reminders while the ledger grows: `scripts/bench reminders [items…]`.

Each ledger has the same number of items due; half of the others are closed, half due later or without a deadline.
Prints the seconds of the least disturbed of nine planner's days, and their ratio to the smallest ledger (goal: below
1.3).
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

import asyncpg
from tortoise import Tortoise

from models import JobRun, Reminder
from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role
from server import ledger, observations, people, reminders, reporters, team
from server.commands.migrate import migrate
from server.kernel.clock import SHANGHAI
from server.tools import real_tools
from server.trial.postgres import EmbeddedPostgres
from tests.conftest import settings_for

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DUE, DAYS = 200, 9
MONDAY = date(2026, 11, 30)
ITEMS = """
INSERT INTO ledger_item (id, organisation_id, lead_unit_id, commissioner_id, registered_by_id, series, year, number,
  number_text, round, state, kind, title, summary, place_name, registered_at, dispatched_at, due_on, version)
SELECT gen_random_uuid(), $1, $2, $3, $3, '改', 2026, n, '改-2026-' || n, 1, $4, 'problem', '路口坑槽', '', '', now(),
  now() - interval '90 days', $5::date + (n % $6)::int, 1
FROM generate_series($7::int, $8::int) AS n
"""
FAR = date(2027, 6, 1)


async def measure(url: str, folder: Path, *, sizes: Sequence[int]) -> None:
    """Fill the ledger step by step and plan nine days of each step, on each of which the same number is due."""
    await migrate(url)
    tools = await real_tools(settings_for(url, folder, wechat_url="http://127.0.0.1:1"))
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(url))
    root = await people.add_organisation(
        "改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    unit = await people.add_organisation(
        "市住建局", code="unit", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=root
    )
    wang = await people.add_person(
        "王科长", role=Role.COMMISSIONER, by=None, now=tools.clock.now(), keys=tools.keys, organisation=unit
    )
    database = await asyncpg.connect(url)
    made, smallest = 0, 0.0
    for size in sizes:
        kept = (root.id, unit.id, wang.id)
        half = (size - made) // 2
        await database.execute(
            ITEMS, *kept, "closed", MONDAY - timedelta(days=400), 700, made + 1, made + half
        )
        await database.execute(ITEMS, *kept, "in_progress", FAR, 3000, made + half + 1, size)
        made, day = size, MONDAY
        await JobRun.all().delete()
        taken = []
        for _ in range(DAYS):
            day = _next_workday(day)
            await database.execute(
                "UPDATE ledger_item SET due_on = $1, state = 'in_progress' WHERE id IN "
                "(SELECT id FROM ledger_item WHERE due_on >= $2 LIMIT $3)",
                *(day, FAR, DUE),
            )
            await database.execute("VACUUM ANALYZE ledger_item")
            now = datetime.combine(day, hour(8), SHANGHAI)
            began = time.perf_counter()
            count = await reminders.plan_day(day, city_pack="yinchuan", now=now)
            taken.append(time.perf_counter() - began)
            assert count == DUE, count
            await database.execute("UPDATE ledger_item SET due_on = $1 WHERE due_on = $2", FAR, day)
            await Reminder.all().delete()
        seconds = min(taken)
        smallest = smallest or seconds
        sys.stdout.write(f"{size:>9,} items: {seconds:.3f} s for {DUE} due, {seconds / smallest:.2f} times\n")
        sys.stdout.flush()
    await database.close()
    await tools.close()
    await Tortoise.close_connections()


def _next_workday(day: date) -> date:
    return day + timedelta(days=3 if day.weekday() == 4 else 1)


def main() -> None:
    """Measure on a database of its own."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            asyncio.run(measure(postgres.start(), Path(folder), sizes=sizes))
        finally:
            postgres.stop()


KINDS = (ledger, observations, team)  # their kinds of matters are registered on import

if __name__ == "__main__":
    main()
