"""A list of one colour holds exactly the items that show this colour, and reads only those it shows."""

import asyncio
import logging
from datetime import datetime, time, timedelta
from itertools import product

import pytest

from models import LedgerItem
from models.vocabulary import LedgerState, Light, ObservationKind, Role
from server import ledger
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.ledger import LedgerView

STARTED = (None, -150, -60, -20, -8, -1, 0, 3)
DUE = (None, -1, 0, 2, 5, 9, 20, 45, 150)
PERCENT = (0, 15, 60, 100)
FAR = [(-60, 4000, 0), (-60, 4000, 90)]


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


@pytest.fixture
async def items(office, chen):
    """Items with every combination of dates and progress, open and ended."""
    today = business_date(office.watch.now())
    stands = [*product(STARTED, DUE, PERCENT), *FAR]
    rows = [
        LedgerItem(
            organisation=office.root,
            series="改",
            year=2000,
            number=number,
            number_text=f"改2000-{number}",
            kind=ObservationKind.PROBLEM,
            title="件",
            lead_unit=office.bureau,
            state=LedgerState.CLOSED if number % 9 == 0 else LedgerState.IN_PROGRESS,
            registered_at=office.watch.now() - timedelta(minutes=number),
            registered_by=chen.person,
            dispatched_at=None
            if started is None
            else at_the_edge_of(today + timedelta(days=started), number),
            due_on=None if due is None else today + timedelta(days=due),
            percent=percent,
        )
        for number, (started, due, percent) in enumerate(stands, start=1)
    ]
    await LedgerItem.bulk_create(rows)
    return rows


def at_the_edge_of(day, number):
    """Return the first or the last minute of the office's day: the database must count days as the office does."""
    return datetime.combine(day, time(0, 1) if number % 2 else time(23, 59), SHANGHAI)


async def listed(actor, light, *, today, limit=200):
    view = LedgerView(light=light, limit=limit)
    also = await ledger.narrowed(view, actor=actor, today=today, calendar=await calendar())
    found, cursor = [], None
    while True:
        page, cursor = await ledger.page_of(
            actor, LedgerView(light=light, limit=limit, cursor=cursor), also=also
        )
        found += page
        if cursor is None:
            return found, await ledger.count_of(actor, view, also=also)


@pytest.mark.parametrize("ahead", [0, 4])
async def test_each_colours_list_holds_the_items_of_that_colour(office, chen, items, ahead):
    today = business_date(office.watch.now()) + timedelta(days=ahead)
    known = await calendar()
    total = 0
    for light in Light:
        found, count = await listed(chen, light, today=today)
        shown = {
            one.number for one in items if ledger.light_of(one, today=today, calendar=known).light is light
        }
        assert {one.number for one in found} == shown
        assert count == len(found) == len(shown)
        total += count
    assert total == len(items)


@pytest.mark.parametrize("light", Light)
async def test_a_page_of_two_reads_three_items(office, chen, items, light):
    today = business_date(office.watch.now())
    view = LedgerView(light=light, limit=2)
    with statements() as sent:
        also = await ledger.narrowed(view, actor=chen, today=today, calendar=await calendar())
        page, _ = await ledger.page_of(chen, view, also=also)
        await ledger.count_of(chen, view, also=also)
    assert len(page) == 2
    reading = [one for one in sent if "ledger_item" in one]
    assert len(reading) <= 3
    assert all("LIMIT" in one or "COUNT(" in one or "MIN(" in one for one in reading), reading


class statements:  # noqa: N801 - reads as a verb
    """Collects the statements that this test's own task sends."""

    def __enter__(self):
        self.sent, self.handler, self.mine = [], logging.Handler(), asyncio.current_task()
        self.handler.emit = lambda told: (
            self.sent.append(told.getMessage()) if asyncio.current_task() is self.mine else None
        )
        self.logger = logging.getLogger("tortoise.db_client")
        self.level = self.logger.level
        self.logger.addHandler(self.handler)
        self.logger.setLevel(logging.DEBUG)
        return self.sent

    def __exit__(self, *_):
        self.logger.removeHandler(self.handler)
        self.logger.setLevel(self.level)
