"""Units are told once a day, of everything at once, in random order."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from models import Case, CasePicture, JournalEntry, Photo
from models.vocabulary import CaseState, PhotoState
from server import cases
from server.cases import CaseFilter
from server.jobs.timetable import TIMETABLE, release_cases
from tests.conftest import sha256, who_did


async def prepared(desk, count):
    """Prepare `count` cases and return them in the order in which they were opened."""
    await desk.crowd()
    laoma = await desk.reporter("老马")
    items = [await desk.item_of(await desk.report(laoma)) for _ in range(count)]
    return [(await desk.open(item)).id for item in items]


async def test_nothing_is_told_before_the_batch(desk):
    await prepared(desk, 1)
    assert await cases.page_of_unit(desk.liu, CaseFilter()) == []
    assert await cases.release_batch(desk.today) == 1
    assert len(await cases.page_of_unit(desk.liu, CaseFilter())) == 1


async def test_there_is_one_batch_a_day_whoever_starts_it(desk):
    await prepared(desk, 2)
    assert sorted(await asyncio.gather(*(cases.release_batch(desk.today) for _ in range(5)))) == [
        *[0] * 4,
        2,
    ]
    await desk.open(await desk.item_of(await desk.report(await desk.reporter("周师傅"))))
    assert await cases.release_batch(desk.today) == 0
    assert await cases.release_batch(desk.today + timedelta(days=1)) == 1


async def test_the_order_is_drawn_by_lot(desk):
    """With seven cases, a batch keeps their order by chance once in 5 040 times."""
    opened = await prepared(desk, 7)
    orders = set()
    for day in range(3):
        await Case.all().update(state=CaseState.PREPARED, released_on=None, position=None)
        await cases.release_batch(desk.today + timedelta(days=day))
        page = await cases.page_of_unit(desk.liu, CaseFilter())
        orders.add(tuple(opened.index(case.id) for case in page))
    assert all(sorted(order) == list(range(7)) for order in orders)
    assert len(orders) > 1


async def test_a_case_whose_pictures_are_late_waits_for_tomorrow(desk):
    case_id, other_id = await prepared(desk, 2)
    photo = await Photo.create(
        subject_kind="observation",
        subject_id=uuid4(),
        sha256=sha256(b"late"),
        bytes=5,
        kind="JPEG",
        key="originals/late",
        state=PhotoState.SHOWN,
        received_at=desk.now,
    )
    await CasePicture.create(case_id=case_id, photo=photo, position=1)
    assert await cases.release_batch(desk.today) == 1
    assert (await Case.get(id=case_id)).state is CaseState.PREPARED
    assert (await Case.get(id=other_id)).state is CaseState.RELEASED


async def test_the_clock_releases_at_five_in_the_afternoon(desk, office):
    when, act = TIMETABLE["release_cases"]
    assert (when, act) == ("0 9 * * *", release_cases)  # in UTC
    await prepared(desk, 1)
    await release_cases(office.tools)
    assert await who_did(await JournalEntry.get(event="case.released")) is None


async def test_pages_follow_one_another_without_gap_or_double(desk):
    await prepared(desk, 5)
    await cases.release_batch(desk.today)
    seen, cursor = [], None
    while True:
        found = await cases.page_of_unit(desk.liu, CaseFilter(limit=2, cursor=cursor))
        seen += [case.id for case in found[:2]]
        if len(found) <= 2:
            break
        cursor = found[1].id
    assert len(seen) == len(set(seen)) == 5
