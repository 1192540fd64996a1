"""G11 in short: `scripts/rig G11` attacks twelve times with each kind. Without anchors it misses total changes."""

import asyncio

import pytest

from server.journal import anchoring
from server.trial import demo
from tests.rig.g11_any_change import assail
from tests.rig.ledger_attacks import one_transaction_is_cut_out, the_end_is_cut

TOTAL = (the_end_is_cut, one_transaction_is_cut_out)  # these leave no trace in the database itself


@pytest.fixture
async def city(office, clean_database):
    """The demo world, sealed in many blocks while it was built."""
    await clean_database.sweep()
    stop = asyncio.Event()
    sealing = asyncio.create_task(anchoring.close_blocks(stop=stop))
    await demo.build(office.tools)
    stop.set()
    await sealing
    return office


async def test_every_attack_is_found_and_nothing_where_nobody_attacked(city, database_url, tmp_path):
    outcome = await assail(database_url, folder=tmp_path, rounds=1, seed=7)
    assert outcome.is_kept, (outcome, outcome.notes)
    assert outcome.seen["attacks"] == 25

    blind = await assail(
        database_url, folder=tmp_path, rounds=1, seed=7, attacks=TOTAL, change=("no_anchors",)
    )
    assert {f"missed: {one.__name__}" for one in TOTAL} == set(blind.notes)
