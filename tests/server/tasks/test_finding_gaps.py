"""No task without a responsible person: the orphan list is empty after import or names every gap (M04)."""

from datetime import timedelta

from models import Duty, Person
from server import tasks
from tests.server.tasks.conftest import a_row


async def told(city, *, days=0):
    found = await tasks.gaps(2026, today=city.today + timedelta(days=days))
    return [(gap.code, gap.column, gap.what) for gap in found]


async def test_a_whole_list_has_no_gap(city):
    await city.publish(a_row(1), a_row(2))

    assert await told(city) == []


async def test_a_commissioner_who_left_leaves_a_gap_in_each_of_his_tasks(city):
    await city.publish(a_row(1), a_row(2, commissioners="王科长、周明"), a_row(3, commissioners="周明"))
    await Person.filter(id=city.wang.id).update(is_active=False)

    assert await told(city) == [
        ("2026-01", "改革专员", "“王科长”现在不是改革专员。"),
        ("2026-01", "改革专员", "没有在任的改革专员。"),
        ("2026-02", "改革专员", "“王科长”现在不是改革专员。"),
    ]


async def test_a_duty_that_ends_leaves_a_gap_from_the_next_day_on(city):
    await city.publish(a_row(1))
    last_day = city.today + timedelta(days=3)
    await Duty.filter(person_id=city.qi.id).update(until_on=last_day)

    assert await told(city, days=3) == []
    assert await told(city, days=4) == [("2026-01", "牵头领导", "“祁望川”现在不是牵头领导。")]


async def test_what_was_left_open_at_import_stays_on_the_list(city):
    await city.publish(
        a_row(1, content="", supporting_units=""), a_row(2, supporting_units="", is_major="否")
    )

    assert await told(city) == [
        ("2026-01", "配合单位", "重大任务没有配合单位。"),
        ("2026-01", "任务内容", "没有任务内容。"),
    ]
