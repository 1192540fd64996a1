"""G1 in short: `scripts/rig G1` runs longer. The oracle itself is tested on the same estate, damaged by hand."""

import asyncpg
import pytest

from tests.rig.g1_acknowledged import trial
from tests.rig.oracle import Oracle
from tests.rig.servers import Estate

LAST = "id = (SELECT max(id::text)::uuid FROM observation)"
DAMAGES = {
    "lost": "DELETE FROM observation WHERE id = (SELECT id FROM observation ORDER BY id LIMIT 1)",
    "altered": f"UPDATE observation SET text = text || '。' WHERE {LAST}",
    "changed": "UPDATE observation SET receipt_number = receipt_number || 'X'",
    "dup": """ALTER TABLE observation DISABLE TRIGGER ALL;
        CREATE TEMP TABLE twin AS SELECT * FROM observation ORDER BY id DESC LIMIT 1;
        UPDATE twin SET id = gen_random_uuid(), receipt_number = 'TWIN';
        INSERT INTO observation SELECT * FROM twin""",
    "unfinished": f"UPDATE observation SET state = 'waiting_media' WHERE {LAST}",
    "unrendered": "DELETE FROM rendition WHERE id = (SELECT id FROM rendition LIMIT 1)",
    "inbox": "DELETE FROM report_message WHERE id = (SELECT id FROM report_message LIMIT 1)",
    "jobs": "INSERT INTO pgqueuer (priority, entrypoint, status) VALUES (0, 'react', 'failed')",
    "chain": "UPDATE journal_entry SET detail = '{}' WHERE id = 7",
}


@pytest.fixture(scope="module")
async def after_the_storm():
    async with Estate(servers=2) as estate:
        drafts = []
        outcome = await trial(estate, seconds=10, seed=7, pulls=2, drafts=drafts)
        yield estate, drafts, outcome


async def test_what_was_acknowledged_survives_every_crash(after_the_storm):
    _, _, outcome = after_the_storm
    assert outcome.is_kept, (outcome, outcome.notes)
    assert outcome.seen["acknowledged"] >= 10, outcome
    assert outcome.seen["server_kills"] >= 3, outcome
    assert outcome.seen["worker_kills"] >= 2, outcome


async def test_the_oracle_sees_every_kind_of_damage(after_the_storm):
    estate, drafts, _ = after_the_storm
    unique = "SELECT conname FROM pg_constraint WHERE conrelid = 'observation'::regclass AND contype = 'u'"
    database = await asyncpg.connect(estate.database_url)
    try:
        await database.execute("SET session_replication_role = replica")
        for row in await database.fetch(unique):
            await database.execute(f'ALTER TABLE observation DROP CONSTRAINT "{row[0]}"')
        for damage in DAMAGES.values():
            await database.execute(damage)
        key = await database.fetchval("SELECT key FROM photo LIMIT 1")
        sealed = bytearray((picture := estate.folder / "storage" / key).read_bytes())
        sealed[-1] ^= 1
        picture.write_bytes(sealed)
        breaches = await Oracle(database, environment=estate.environment).judge(drafts)
    finally:
        await database.close()
    assert {kind for kind, found in breaches.items() if found} >= {*DAMAGES, "photo_bytes"}
