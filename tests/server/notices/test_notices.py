"""A year's notice is loaded: its days win, open deadlines move with an entry, and their owners are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import CalendarDay, InboxMessage, JournalEntry, LedgerItem
from models.vocabulary import Role
from server import ledger, notices
from server.kernel.calendars import calendar
from server.notices import AnnouncedDay, NoticeIncomplete
from server.people import NotAllowed
from tests.conftest import until
from tests.factories import dispatched_item

NEW_YEAR = [AnnouncedDay(date(2027, 1, day), False, "元旦") for day in (1, 4, 5)]
SPRING = [AnnouncedDay(date(2027, 2, day), False, "春节") for day in (5, 8, 9, 10, 11, 12)]
MAKE_UP = [
    AnnouncedDay(date(2027, 1, 9), True, "元旦调休"),
    AnnouncedDay(date(2027, 2, 20), True, "春节调休"),
]
NOTICE = [*NEW_YEAR, *SPRING, *MAKE_UP]


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def load(office, by, days=NOTICE, year=2027):
    return await notices.load_notice(
        year, days, source="国办发明电〔2026〕9号", by=by, now=office.watch.now()
    )


async def dispatched(office, chen, *, on, days):
    now = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    return await dispatched_item(office, by=chen, title="跨年的事", now=now, days=days)


async def test_a_notice_moves_open_deadlines_and_tells_their_owner(office, chen):
    wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    item = await dispatched(office, chen, on=date(2026, 12, 30), days=3)
    assert (item.due_on, item.due_is_provisional) == (date(2027, 1, 5), True)

    await load(office, chen)

    async def moved():
        fresh = await LedgerItem.get(id=item.id)
        return fresh if not fresh.due_is_provisional else None

    fresh = await until(moved)
    assert fresh.due_on == date(2027, 1, 7)
    assert fresh.due_words == "3个工作日，遇元旦顺延至1月7日（周四）"
    assert await JournalEntry.filter(event="ledger_item.due_recomputed", subject_id=item.id).count() == 1

    async def told():
        return "办理期限有变化" in [line["title"] for line in (await wang.get("/inbox")).json()["items"]]

    assert await until(told)
    assert await ledger.recompute_deadlines() == 0  # repeating it moves nothing


async def test_a_notice_that_moves_no_day_tells_nobody_of_a_change(office, chen):
    wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    item = await dispatched(office, chen, on=date(2026, 12, 30), days=3)
    await load(office, chen)
    assert await ledger.recompute_deadlines() == 1
    said = (await LedgerItem.get(id=item.id)).due_words
    otherwise = [AnnouncedDay(one.day, one.is_workday, "新年") for one in NOTICE]

    await load(office, chen)
    await load(office, chen, days=otherwise)
    assert await ledger.recompute_deadlines() == 0

    fresh = await LedgerItem.get(id=item.id)
    assert (fresh.due_on, fresh.due_words) == (date(2027, 1, 7), said.replace("元旦", "新年"))
    assert await JournalEntry.filter(event="ledger_item.due_recomputed").count() == 1
    entry = await JournalEntry.get(event="ledger_item.due_recomputed")

    async def told():
        return await InboxMessage.filter(person_id=wang.id, entry_id=entry.id).count()

    assert await until(told) == 1
    assert await InboxMessage.filter(person_id=wang.id, title="办理期限有变化").count() == 1


async def test_a_date_somebody_set_and_a_closed_matter_stay(office, chen):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    set_on = office.watch.now().date() + timedelta(days=60)
    item = await dispatched_item(office, by=chen, title="定了日子的事", due_on=set_on)
    await load(office, chen)
    assert await ledger.recompute_deadlines() == 0
    assert (await LedgerItem.get(id=item.id)).due_on == set_on


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ([*NOTICE, AnnouncedDay(date(2025, 5, 1), False, "劳动节")], "2025-05-01离2027年太远，请核对年份。"),
        ([*NOTICE, AnnouncedDay(date(2029, 1, 1), False, "元旦")], "2029-01-01离2027年太远，请核对年份。"),
        ([*NOTICE, AnnouncedDay(date(2027, 1, 9), False, "x")], "2027-01-09既写了休又写了班，请只留一种。"),
        ([], "没有读到任何一天。"),
    ],
)
async def test_days_that_no_notice_can_hold_are_refused_and_nothing_is_written(office, chen, days, fault):
    with pytest.raises(NoticeIncomplete) as refused:
        await load(office, chen, days)
    assert [field["message_zh"] for field in refused.value.extra["fields"]] == [fault]
    assert not await CalendarDay.exists()


async def test_a_notice_loaded_again_replaces_what_it_said_before(office, chen):
    await load(office, chen)
    assert (await calendar()).is_workday(date(2027, 2, 20))
    await load(office, chen, NOTICE[:-1])
    assert not (await calendar()).is_workday(date(2027, 2, 20))
    assert [one.replaced_at is None for one in await notices.notices()] == [True, False]


async def test_a_supplement_changes_the_days_it_names_and_no_other(office, chen):
    await load(office, chen)
    longer = [AnnouncedDay(date(2027, 2, 15), False, "春节"), AnnouncedDay(date(2027, 2, 20), False, "春节")]
    await notices.load_notice(
        2027, longer, source="关于延长春节假期的通知", by=chen, now=office.watch.now() + timedelta(days=1)
    )
    known = await calendar()
    assert [known.is_workday(date(2027, 2, day)) for day in (12, 15, 16, 20)] == [False, False, True, False]
    assert known.is_workday(date(2027, 1, 9))
    assert not known.is_provisional(date(2027, 6, 1))


async def test_a_years_notice_names_days_of_the_year_before_and_erases_none_of_its_days(office, chen):
    await load(office, chen)
    autumn = [AnnouncedDay(date(2028, 10, day), False, "国庆节") for day in (2, 3, 4, 5, 6)]
    turn = [
        AnnouncedDay(date(2027, 12, 25), True, "元旦"),
        AnnouncedDay(date(2027, 12, 31), False, "元旦"),
        AnnouncedDay(date(2028, 1, 3), False, "元旦"),
        AnnouncedDay(date(2028, 1, 4), False, "元旦"),
    ]
    for _ in range(2):
        await load(office, chen, [*turn, *autumn], year=2028)
        known = await calendar()
        assert [known.is_workday(date(2027, 12, day)) for day in (25, 30, 31)] == [True, True, False]
        assert not known.is_workday(date(2027, 1, 5))
        assert known.is_workday(date(2027, 1, 9))
        assert not known.is_provisional(date(2028, 6, 1))


PUBLISHED = {  # what the notices of those years named besides the year's own weekdays off
    2007: [("2006-12-30", True), ("2006-12-31", True)],
    2008: [("2007-12-29", True), ("2007-12-30", False), ("2007-12-31", False)],
    2012: [("2011-12-31", True)],
    2019: [("2018-12-29", True), ("2018-12-31", False)],
    2020: [("2020-02-03", True)],  # the supplement names a plain Monday as worked
    2023: [("2022-12-31", False)],
}


@pytest.mark.parametrize("year", PUBLISHED)
async def test_notices_load_as_they_were_published(office, chen, year):
    named = [AnnouncedDay(date.fromisoformat(day), worked, "元旦") for day, worked in PUBLISHED[year]]
    weekdays = [date(year, 10, day) for day in range(1, 15) if date(year, 10, day).weekday() < 5]
    off = [AnnouncedDay(day, False, "国庆节") for day in weekdays]
    await load(office, chen, [*named, *off, off[0]], year=year)
    known = await calendar()
    assert [known.is_workday(one.day) for one in named] == [one.is_workday for one in named]
    assert not known.is_workday(off[-1].day)


async def test_before_a_notice_is_loaded_its_changes_and_doubts_are_told(office, chen):
    await load(office, chen)
    seen = await notices.foresee(2027, NOTICE[:-1], source="国办发明电〔2026〕9号")
    assert (seen.changes, seen.cautions) == (["2027-02-20由上班改为放假"], [])
    few = [AnnouncedDay(date(2030, 1, 1), False, "元旦"), AnnouncedDay(date(2029, 12, 29), True, "元旦")]
    seen = await notices.foresee(2030, few, source="国办发明电〔2029〕1号")
    assert seen.changes == ["2029-12-29由放假改为上班"]
    assert [caution[:8] for caution in seen.cautions] == ["工作日中的放假天", "2029-12-"]


async def test_the_alarm_rings_from_december_until_the_notice_is_there(office, chen):
    assert notices.missing_year(date(2026, 11, 30), calendar=await calendar()) is None
    assert notices.missing_year(date(2026, 12, 1), calendar=await calendar()) == 2027
    assert notices.missing_year(date(2027, 1, 3), calendar=await calendar()) == 2027
    await load(office, chen)
    assert notices.missing_year(date(2026, 12, 1), calendar=await calendar()) is None


async def test_only_the_office_loads_notices(office):
    ma = await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await load(office, ma)
