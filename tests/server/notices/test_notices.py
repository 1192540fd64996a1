"""A year's notice is loaded: its days win, open clocks move with an entry, and their owners are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models import CalendarDay, JournalEntry, LedgerItem
from models.vocabulary import ObservationKind, Role
from server import ledger, notices
from server.ledger import NewItem
from server.notices import AnnouncedDay, NoticeIncomplete
from server.people import NotAllowed
from tests.conftest import until

NEW_YEAR = [AnnouncedDay(date(2027, 1, day), False, "元旦") for day in (1, 4, 5)]
SPRING = [AnnouncedDay(date(2027, 2, day), False, "春节") for day in (5, 8, 9, 10, 11, 12)]
MAKE_UP = [
    AnnouncedDay(date(2027, 1, 9), True, "元旦调休"),
    AnnouncedDay(date(2027, 2, 20), True, "春节调休"),
]
NOTICE = [*NEW_YEAR, *SPRING, *MAKE_UP]


@pytest.fixture
async def chen(office):
    return await office.visitor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def load(office, by, days=NOTICE, year=2027):
    return await notices.load_notice(
        year, days, source="国办发明电〔2026〕9号", by=by, now=office.watch.now()
    )


async def dispatched(office, chen, *, on, days):
    now = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    new = NewItem("跨年的事", ObservationKind.PROBLEM)
    item = await ledger.register(new, office=office.root, at=None, by=chen.person, now=now)
    return await ledger.dispatch(item.id, version=1, unit_id=office.bureau.id, days=days, by=chen, now=now)


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
    assert await JournalEntry.filter(deed="ledger_item.due_recomputed", subject_id=item.id).count() == 1

    async def told():
        return "办理期限有变化" in [line["title"] for line in (await wang.get("/inbox")).json()["items"]]

    assert await until(told)
    assert await ledger.recompute_deadlines() == 0  # again moves nothing


async def test_a_date_somebody_set_and_a_closed_matter_stay(office, chen):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    new = NewItem("定了日子的事", ObservationKind.PROBLEM)
    item = await ledger.register(new, office=office.root, at=None, by=chen.person, now=office.watch.now())
    set_on = office.watch.now().date() + timedelta(days=60)
    await ledger.dispatch(
        item.id, version=1, unit_id=office.bureau.id, due_on=set_on, by=chen, now=office.watch.now()
    )
    await load(office, chen)
    assert await ledger.recompute_deadlines() == 0
    assert (await LedgerItem.get(id=item.id)).due_on == set_on


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ([*NOTICE, AnnouncedDay(date(2026, 5, 1), False, "劳动节")], "2026-05-01不在2027年。"),
        ([*NOTICE, NOTICE[0]], "2027-01-01重复。"),
        (
            [*NOTICE, AnnouncedDay(date(2027, 3, 1), True, "x")],
            "2027-03-01本来就是工作日，不用作为调休上班日录入。",
        ),
        (NEW_YEAR, "工作日中的放假天数太少，像是没有录全。"),
    ],
)
async def test_a_notice_that_cannot_be_whole_is_refused_and_nothing_is_written(office, chen, days, fault):
    with pytest.raises(NoticeIncomplete) as refused:
        await load(office, chen, days)
    assert [field["message_zh"] for field in refused.value.extra["fields"]] == [fault]
    assert not await CalendarDay.exists()


async def test_a_newer_notice_replaces_the_years_days(office, chen):
    await load(office, chen)
    await load(office, chen, NOTICE[:-1])
    assert await CalendarDay.all().count() == len(NOTICE) - 1
    assert len(await notices.notices()) == 2


async def test_the_alarm_rings_from_december_until_the_notice_is_there(office, chen):
    assert await notices.missing_year(date(2026, 11, 30)) is None
    assert await notices.missing_year(date(2026, 12, 1)) == 2027
    assert await notices.missing_year(date(2027, 1, 3)) == 2027
    await load(office, chen)
    assert await notices.missing_year(date(2026, 12, 1)) is None


async def test_only_the_office_loads_notices(office):
    ma = await office.visitor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await load(office, ma)
