"""The demo world is built through the verbs, and every room has something to show."""

import time

import pytest

from models import Case
from models.vocabulary import CaseState
from server.trial import demo
from tests.conftest import sweep


@pytest.fixture
async def city(office, database_url):
    """The demo world, and the seconds its building took."""
    await sweep(database_url)
    began = time.monotonic()
    await demo.build(office.tools)
    return time.monotonic() - began


async def test_every_room_has_something_to_show(city):
    states = await Case.all().values_list("state", flat=True)
    assert sorted(states) == [CaseState.ANSWERED, CaseState.RELEASED]
