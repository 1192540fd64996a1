"""The calendar on the console: an alarm, a notice pasted and previewed, and only then loaded."""

from datetime import UTC, datetime

import pytest

from models import CalendarNotice
from models.vocabulary import Role

LINES = """2027-01-01至2027-01-03 休 元旦
2027-02-05至2027-02-12 休 春节
2027-02-20 班
2027-04-05 休 清明节"""
NOTICE = {"year": "2027", "source": "国办发明电〔2026〕9号", "lines": LINES}


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def test_a_notice_is_previewed_and_then_loaded(office, chen):
    preview = await chen.post("/calendar/previews", NOTICE, part=True)
    assert preview.status_code == 200
    assert "没有发现问题" in preview.text
    assert not await CalendarNotice.exists()

    answer = await chen.post("/calendar/notices", NOTICE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/calendar?year=2027")
    page = (await chen.get("/calendar?year=2027")).text
    assert "已公布" in page
    assert '<td class="day-off" title="春节">8<i>休</i></td>' in page
    assert "国办发明电〔2026〕9号" in page
    assert "小陈" in page


async def test_faults_are_told_in_plain_words_and_nothing_is_loaded(office, chen):
    faulty = NOTICE | {"lines": "2027-01-01 休 元旦\n下周放假"}

    preview = (await chen.post("/calendar/previews", faulty, part=True)).text
    assert "有1处需要改，还不能录入" in preview
    assert "看不懂这一行" in preview
    assert "工作日中的放假天数太少" in preview

    answer = await chen.post("/calendar/notices", faulty)
    assert answer.status_code == 422
    assert not await CalendarNotice.exists()


async def test_from_december_on_the_first_page_rings(office, watch):
    watch.ahead = datetime(2035, 12, 2, 2, tzinfo=UTC) - datetime.now(UTC)
    chen = await office.desk_of("小赵")
    for year in (2035, 2036):
        assert f"{year}年放假安排还没有录入" in (await chen.get("/")).text
        assert f"{year}年放假安排还没有录入" in (await chen.get("/calendar")).text
        lines = f"{year}-02-05至{year}-02-18 休 春节"
        await chen.post("/calendar/notices", NOTICE | {"year": str(year), "lines": lines})

    assert "还没有录入" not in (await chen.get("/")).text


async def test_those_who_cannot_load_it_are_neither_alarmed_nor_let_in(office):
    auditor = await office.desk_of("审计员", Role.AUDITOR)
    assert (await auditor.get("/calendar")).status_code == 403
    assert 'href="/console/calendar"' not in (await auditor.get("/")).text


async def test_a_preview_tells_which_days_change_and_a_supplement_may_name_one_day(office, chen):
    await chen.post("/calendar/notices", NOTICE)
    supplement = NOTICE | {"source": "关于调整春节假期的通知", "lines": "2027-02-13 班 春节"}
    preview = (await chen.post("/calendar/previews", supplement, part=True)).text
    assert "1天有变化" in preview
    assert "2027-02-13由放假改为上班" in preview
    assert (await chen.post("/calendar/notices", supplement)).status_code == 303
    assert '<td class="day-off" title="春节">8<i>休</i></td>' in (await chen.get("/calendar?year=2027")).text
