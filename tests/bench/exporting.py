"""Measures the time and memory of exporting many items: `scripts/bench exporting [items]`.

Uses a temporary database; prints seconds, megabytes of the file and of the process.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
from tortoise import Tortoise

from models import Export
from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role
from server import exports, people, reporters
from server.commands.migrate import migrate
from server.kernel.clock import business_date
from server.ledger import LedgerView
from server.tools import real_tools
from server.trial.postgres import EmbeddedPostgres
from tests.conftest import settings_for

ITEMS = """
INSERT INTO ledger_item (id, organisation_id, series, year, number, number_text, round, state, kind, title,
                         summary, place_name, wgs_latitude, wgs_longitude, registered_at, registered_by_id, version)
SELECT gen_random_uuid(), $1, '改', 2026, n, '改〔2026〕' || n || '号', 1, 'registered', 'problem',
       '第' || n || '件：路口坑槽一周没有修', repeat('核实情况属实，已列入本月整改计划。', 6),
       '北京路与民族街口东南角', 38.4 + random() / 5, 106.1 + random() / 5, now() - n * interval '1 minute', $2, 1
FROM generate_series(1, $3) AS n
"""


def rss_mb() -> float:
    """Return the peak memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(url: str, folder: Path, *, items: int) -> dict[str, float]:
    """Make one export of that many items as the worker would."""
    await migrate(url)
    tools = await real_tools(settings_for(url, folder, wechat_url="http://127.0.0.1:1"))
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(url))
    root = await people.add_organisation(
        "改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    now = tools.clock.now()
    person = await people.add_person(
        "小陈", role=Role.OFFICE_STAFF, by=None, now=now, keys=tools.keys, organisation=root
    )
    connection = await asyncpg.connect(url)
    await connection.execute(ITEMS, root.id, person.id, items)
    await connection.execute("ANALYZE ledger_item")
    await connection.close()

    actor = await people.actor_as(person, on=business_date(now))
    export = await exports.ask_export(LedgerView(), by=actor, now=now)
    before, started = rss_mb(), time.monotonic()
    await exports.make(export.id, tools=tools)
    seconds = time.monotonic() - started
    export = await Export.get(id=export.id)
    await tools.close()
    await Tortoise.close_connections()
    return {
        "items": export.done,
        "seconds": round(seconds, 1),
        "file_mb": round(export.bytes / 1e6, 1),
        "memory_before_mb": round(before),
        "memory_at_most_mb": round(rss_mb()),
    }


def main() -> None:
    """Measure with the given number of items, 100,000 by default."""
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        url = postgres.start()
        try:
            print(json.dumps(asyncio.run(measure(url, Path(folder) / "data", items=items))))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
