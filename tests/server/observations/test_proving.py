"""A block noted the day after proves a report, and reveals nothing of when the reporter wrote or looked."""

from datetime import timedelta
from itertools import pairwise

import asyncpg
import pytest

from models import Observation
from models.vocabulary import Role
from server.journal import anchoring
from server.verifying import verify
from tests.conftest import a_report

NEWEST = "SELECT max(id) FROM ledger.block"  # the database's clock does not run ahead


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马", Role.CITIZEN)


@pytest.fixture
async def owner(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def looked(phone, report):
    return (await phone.get(f"/observations/{report}")).json()


async def reported(phone):
    return (await phone.submit(a_report())).json()["client_id"]


def seen(block):
    number, _, start = block.partition(":")
    return [(int(number), start)]


async def test_on_the_day_itself_there_is_no_block_yet_and_the_words_say_when(office, laoma):
    report = await reported(laoma)
    await anchoring.close_block()
    card = await looked(laoma, report)
    assert card["block"] is None
    assert "明天再来看" in card["block_words"]


async def test_the_next_day_it_proves_that_nobody_changed_the_report(office, laoma, database_url, owner):
    report = await reported(laoma)
    await anchoring.close_block()
    office.watch.ahead += timedelta(days=1)
    card = await looked(laoma, report)
    assert card["block"] in card["block_words"]
    assert (await verify(database_url, seen=seen(card["block"]))).faults == []

    # A total rewrite, as possible with the whole database: every block after the first is replaced.
    await owner.execute("DELETE FROM ledger.block WHERE id > 0; DELETE FROM ledger.leaf")
    await owner.execute("DELETE FROM ledger.version; DELETE FROM ledger.opening")
    faults = (await verify(database_url, seen=seen(card["block"]))).faults
    assert any(card["block"].partition(":")[0] in fault for fault in faults)


async def test_all_who_look_on_a_day_note_the_same_block_whenever_they_reported(office, laoma, owner):
    reports = []
    for _ in range(3):
        reports.append(await reported(laoma))
        await anchoring.close_block()
    office.watch.ahead += timedelta(days=1)
    cards = [await looked(laoma, one) for one in reports]
    await reported(laoma)  # the ledger continues meanwhile
    await anchoring.close_block()
    await owner.execute(f"UPDATE ledger.block SET at = at + interval '1 day' WHERE id = ({NEWEST})")
    cards += [await looked(laoma, one) for one in reports]
    assert all(one["block"] == other["block"] for one, other in pairwise(cards))
    assert await Observation.all().count() == 4
