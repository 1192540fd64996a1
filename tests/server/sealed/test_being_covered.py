"""The ledger covers what a sealed report writes like everything else, and no block reveals when it came."""

import asyncpg
import pytest

from server import sealed
from server.journal import anchoring
from server.photos import sealed as sealed_photos
from server.verifying import verify

LEFT = {
    "observation": "id",
    "photo": "subject_id",
    "manifest_line": "subject_id",
    "escrow": "observation_id",
    "sealed_access": "observation_id",
}


@pytest.fixture
async def owner(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_the_ledger_verifies_while_a_sealed_report_comes_waits_and_is_entered(
    city, sealer, database_url
):
    async def verified():
        await anchoring.close_block()
        return await verify(database_url)

    await sealer.submit()
    assert (await verified()).faults == []
    await sealer.upload(sealer.pictures[0])
    before = await verified()
    assert before.faults == []
    await sealed.enter_arrivals()
    after = await verified()
    assert after.faults == []
    assert after.counted["versions"] >= before.counted["versions"] + 4


async def came(sealer):
    """Send a sealed report; return how many transactions the ledger covers meanwhile, one block per request."""
    await anchoring.close_block()
    assert (await sealer.submit()).status_code == 201
    committed = await anchoring.close_block()
    assert (await sealer.upload(sealer.pictures[0])).status_code == 200
    return committed + await anchoring.close_block()


async def test_no_block_tells_in_which_half_second_a_sealed_report_or_its_photo_came(city, sealer):
    assert await came(sealer) == 0
    await sealed.enter_arrivals()
    assert await anchoring.close_block() == 1


async def test_a_photo_that_is_late_is_entered_by_the_hour_too(city, sealer, database_url):
    await sealer.submit()
    await sealed.enter_arrivals()
    await anchoring.close_block()
    await sealer.upload(sealer.pictures[0])
    assert await anchoring.close_block() == 0
    await sealed.enter_arrivals()
    assert await anchoring.close_block() == 1
    assert (await verify(database_url)).faults == []


async def test_entered_as_they_come_each_would_have_a_block_of_its_own(city, sealer, monkeypatch):
    """Without the protection, the attack above finds both requests."""
    monkeypatch.setattr(sealed_photos, "ENTERED_AS_IT_COMES", True)
    assert await came(sealer) == 2


async def test_rows_of_a_sealed_report_bear_no_number_of_its_requests_transactions(city, sealer, owner):
    """Transaction numbers increase with time, and the ledger reveals the time of others."""
    await sealer.submit()
    await sealer.upload(sealer.pictures[0])
    last = await owner.fetchval("SELECT txid_current()")
    await sealed.enter_arrivals()
    (report,) = await owner.fetchrow("SELECT id FROM observation")
    for table, column in LEFT.items():
        rows = await owner.fetch(
            f"SELECT xmin::text::bigint AS born FROM {table} WHERE {column} = $1", report
        )
        assert rows, table
        assert all(row["born"] > last for row in rows), table


async def test_a_row_slipped_in_beside_the_front_door_is_a_fault(city, sealer, owner, database_url):
    await sealer.submit()
    await sealed.enter_arrivals()
    await owner.execute(
        """INSERT INTO manifest_line (id, subject_kind, subject_id, position, sha256, bytes)
        SELECT gen_random_uuid(), subject_kind, subject_id, 9, sha256, bytes FROM manifest_line"""
    )
    await anchoring.close_block()
    (fault,) = (await verify(database_url)).faults
    assert "没有日志条目" in fault
