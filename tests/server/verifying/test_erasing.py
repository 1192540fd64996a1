"""Lawfully erased content leaves a harmless digest: the ledger still verifies, and nothing opens it any more."""

from datetime import timedelta

import asyncpg
import pytest
from tortoise import connections

from models import JournalEntry, Photo, Reason
from models.vocabulary import Role
from server import journal, photos
from server.journal import anchoring
from server.journal.erasing import erase
from server.kernel.unit_of_work import unit_of_work
from server.verifying import verify
from tests.conftest import a_picture, until

SALTS = "SELECT count(*) FROM ledger.opening WHERE key = ledger.key($1::uuid)"


@pytest.fixture
async def line(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@unit_of_work
async def erased(reason, *, because):
    await erase([reason], because=because)
    await journal.record("reason.retired", reason, by=None, label="已删除")


async def test_a_row_is_erased_in_one_deed_and_the_ledger_verifies(office, line, database_url):
    reason = await Reason.get(code="not_reform")
    await anchoring.close_block()
    await erased(reason, because="法院判决")
    await anchoring.close_block()
    assert await line.fetchval(SALTS, reason.id) == 0
    result = await verify(database_url)
    assert result.faults == []
    assert (result.counted["erased"], result.counted["erasures"]) == (2, 1)  # created, then erased
    assert "依法删除：2个行版本，1次。" in result.summary


async def test_a_photo_that_no_report_named_is_erased_after_a_day(office, line, database_url):
    laoma = await office.phone_of("老马")
    await laoma.upload(a_picture("olive"))
    photo = await Photo.get()
    assert await line.fetchval(SALTS, photo.id) > 0
    assert await photos.forget_unnamed(
        storage=office.tools.storage, now=office.watch.now() + timedelta(hours=25)
    )
    assert await line.fetchval(SALTS, photo.id) == 0
    assert (await verify(database_url)).faults == []


async def test_a_row_that_stays_is_not_erased(office):
    reason = await Reason.get(code="not_reform")
    with pytest.raises(asyncpg.RaiseError, match="deleted before it is erased"):
        await connections.get("default").execute_query(
            "SELECT ledger.erase('reason', $1::uuid[], 'x')", [[reason.id]]
        )


async def test_salts_that_go_without_an_erasure_are_found(office, line, database_url):
    reason = await Reason.get(code="not_reform")
    await line.execute("DELETE FROM ledger.opening WHERE key = ledger.key($1::uuid)", reason.id)
    faults = (await verify(database_url)).faults
    assert f"reason {reason.id}是插入的。" in faults
    assert "1个行版本的随机数缺失而没有删除记录。" in faults


async def test_a_worker_commits_to_a_deed_within_a_second(office):
    office.start_working()
    await office.enrol("小周", Role.OFFICE_STAFF)
    entry = await JournalEntry.filter(event="person.enrolled").order_by("-id").first()

    async def sealed():
        return await journal.blocks_of([entry])

    block = (await until(sealed, seconds=5))[entry.id]
    assert block.number >= 1
    assert len(block.hash) == 64
