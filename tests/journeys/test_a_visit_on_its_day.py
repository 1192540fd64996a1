"""A visit's whole day in real browsers: the organiser's console, five observers' phones and the hall's board.

One phone loses its network while scoring, one has large letters, one is dark. SHOTS=folder saves every page.
"""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from models import Ballot, CheckIn, InboxMessage, ScoreRound, VisitObserver, VisitStop
from models.vocabulary import Presence, Role
from server import site_visits
from server.site_visits import PlannedStop
from tests.conftest import until
from tests.console_browser.test_hall_board import look as look_at_board
from tests.console_browser.test_sealing import looked_at
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_visits import AT_THE_STOP, STOP
from tests.server.ledger_sheets.conftest import a_sheet
from tests.server.scoring.test_verify_result import verdict
from tests.server.site_visits.conftest import HALL, Visit

PHONES = {  # name: role, group, and what its phone is like
    "李代表": (Role.DEPUTY, "代表组", {}),
    "马观察": (Role.REFORM_OBSERVER, "专家组", {"hooks": {"fontSizeSetting": 22}}),
    "赵委员": (Role.DEPUTY, "代表组", {"scheme": "dark", "width": 430}),
    "钱教授": (Role.REFORM_OBSERVER, "专家组", {}),
    "孙工": (Role.TEAM_MEMBER, "专家组", {}),
}
OFFLINE, ELDER, DARK = "孙工", "马观察", "赵委员"
LISTS = "/packages/visits/pages/list/list"
RESULT = "/packages/visits/pages/result/result?id={}"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Day(Visit):
    """Two stops that are open all day; the second is the bureau's."""

    @property
    def here(self):
        return f"/console/site-visits/{self.visit.id}"

    def stops_planned(self, count=2):
        units = [None, self.office.bureau.id]
        times = {"opens": self.opens, "closes": self.closes, "place": HALL}
        return [
            PlannedStop(name=f"第{n + 1}站", unit_id=unit, **times) for n, unit in enumerate(units[:count])
        ]


@pytest.fixture
async def day(office):
    """A plan without observers; the clock is the real one, as that of the phones."""
    day = Day(office)
    office.watch.ahead = timedelta()
    await day.enter()
    day.opens, day.closes = day.opens.min, day.closes.max.replace(microsecond=0)
    day.visit = await site_visits.create_visit(
        day.plan(), day.stops_planned(), by=day.chen, now=day.now, tools=day.tools
    )
    return day


async def press(one, name, *, fold=""):
    if fold:
        await one.page.locator("summary", has_text=fold).first.click()
    await one.page.get_by_role("button", name=name, exact=True).first.click()


async def invited_from_a_sheet(one, here, rows):
    """Import the observers as the organiser does: choose the file, read the preview, confirm."""
    await one.open(here)
    await one.page.get_by_role("link", name="从Excel名单导入").click()
    await looked_at(one, "observers-import")
    sheet = {"name": "名单.xlsx", "mimeType": SHEET, "buffer": a_sheet(["称谓", "单位", "评审组"], rows)}
    await one.page.get_by_label("表格文件").set_input_files(sheet)
    await press(one, "上传并预览")
    await one.says("没有发现问题")
    await looked_at(one, "observers-preview")
    await press(one, f"确认加入{len(rows)}人")
    await one.page.locator(".people-chips li", has_text=rows[0][0]).wait_for()


async def scans(phone, screen):
    """Scan what the organiser's screen shows now, at the first stop."""
    code = await screen.page.locator(".code-square[data-code]").get_attribute("data-code")
    await phone.page.evaluate("(code) => { globalThis.__MP_HOOKS__.scanned = code }", code)
    await phone.tap("扫现场屏幕签到")
    await phone.says("欢迎！第 1 站 / 共 2 站")


async def scores(phone, *, down=1):
    """Score both criteria from the top, the first `down` steps lower, and submit."""
    await phone.tap("创新（权重 40）减分")
    for _ in range(down):
        await phone.tap("成效（权重 60）减分")
    await phone.tap("提交评分")


async def submitted(count):
    async def so():
        return await Ballot.filter(state="submitted").count() == count

    return await until(so)


async def test_a_visit_from_the_list_of_observers_to_the_published_result(
    office, day, window, handset, tmp_path
):
    luo = await office.desk_of("罗处长", Role.OFFICE_LEAD)
    contact = await handset("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    phones = {
        name: await handset(name, role, at=AT_THE_STOP, **looks) for name, (role, _, looks) in PHONES.items()
    }
    async with (
        window(luo) as desk,
        window(luo) as screen,
        window(width=1920, height=1080) as hall,
    ):
        await is_prepared_from_a_sheet(day, desk)
        await is_shown_in_the_hall(day, desk, screen, hall)
        await is_scored_at_the_first_stop(day, phones, screen, hall)
        await is_scored_where_nobody_can_scan(day, phones, desk)
        sealed = await is_locked_and_sealed(day, phones, desk, hall)
        await is_revealed_and_published(day, desk, hall)
    await is_read_by_observers(day, phones)
    await is_found_by_the_unit_among_its_messages(contact)
    unit = await office.desk_of("老吴", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    async with window(unit, width=390, height=844) as one:
        await is_read_by_the_unit(day, one)
    told = await luo.get(f"/site-visits/{day.visit.id}/result.json")
    code, said = verdict(told.text, tmp_path)
    assert (code, sealed.fingerprint in said) == (0, True), said


async def is_prepared_from_a_sheet(day, desk):
    rows = [[name, day.office.root.name, group] for name, (_, group, _) in PHONES.items()]
    await invited_from_a_sheet(desk, day.here, rows)
    assert await VisitObserver.filter(visit_id=day.visit.id).count() == len(PHONES)
    await looked_at(desk, "visit-draft")
    await press(desk, "发布观摩")
    await desk.says("进行")
    day.stops = await VisitStop.filter(visit_id=day.visit.id).order_by("position")
    assert await until(lambda: InboxMessage.filter(title="邀请您参加观摩").count())


async def is_shown_in_the_hall(day, desk, screen, hall):
    await desk.open(f"{day.here}/board")
    await press(desk, "打开大屏")
    address = await desk.page.locator("code.as-written").inner_text()
    await looked_at(desk, "board-link")
    await hall.page.goto(address)
    await expect(hall.page.locator("[data-expected]")).to_have_text("/ 10 张")
    await screen.open(f"{day.here}/stops/{day.stops[0].id}/screen")
    await press(screen, "开始显示动态码")
    await screen.page.locator(".code-square[data-code] svg").wait_for()


async def is_scored_at_the_first_stop(day, phones, screen, hall):
    """Everybody scans and scores; one of them loses the network in between."""
    for number, (name, phone) in enumerate(phones.items()):
        await phone.turn_to(STOP.format(day.visit.id, day.stops[0].id))
        await phone.tap("同意", exact=True)
        await phone.gone("不同意")
        await look_if_special(phone, name, "stop")
        await scans(phone, screen)
        await phone.context.set_offline(name == OFFLINE)
        await scores(phone, down=1 + number)
        await phone.says("等网络，有信号时自动送达" if name == OFFLINE else "已提交")
        await look_if_special(phone, name, "submitted")
    assert await CheckIn.filter(presence=Presence.COUNTED).count() == len(PHONES)
    await expect(hall.page.locator("[data-present]")).to_have_text("5")
    await expect(hall.page.locator("[data-submitted]")).to_have_text("4")
    await look_at_board(hall.page, "day-board-scoring")
    assert not re.search(r"\d+\.\d", await hall.page.locator("body").inner_text())  # no score before the seal
    await phones[OFFLINE].context.set_offline(False)
    await phones[OFFLINE].says("已提交")
    assert await submitted(5)
    await expect(hall.page.locator("[data-submitted]")).to_have_text("5")


async def is_scored_where_nobody_can_scan(day, phones, desk):
    """Staff check everybody in by hand."""
    for number, phone in enumerate(phones.values()):
        observer = await VisitObserver.get(visit_id=day.visit.id, person_id=phone.person.id)
        told = {"reason": "现场没有屏幕", "by": day.chen, "now": day.now}
        await site_visits.check_in_by_hand(day.visit.id, day.stops[1].id, observer_id=observer.id, **told)
        await phone.turn_to(LISTS)
        await phone.says("已评 1/2")
        await phone.turn_to(STOP.format(day.visit.id, day.stops[1].id))
        await scores(phone, down=2 + number)
        await phone.says("已提交")
    assert await submitted(10)
    await desk.open(day.here)
    await looked_at(desk, "visit-running")


async def is_locked_and_sealed(day, phones, desk, hall):
    await press(desk, "现在封盘", fold="封盘")
    await expect(hall.page.locator("[data-waiting]")).to_have_text("已封盘")
    await desk.says("已封盘，不再接收评分")
    await looked_at(desk, "visit-locked")
    for name in (ELDER, DARK):
        await phones[name].turn_to(STOP.format(day.visit.id, day.stops[0].id))
        await phones[name].says("已封盘，不能再修改")
        await phones[name].says("您打的分")
        await look_if_special(phones[name], name, "locked")
    await press(desk, "永久密封", fold="密封")
    await desk.says("谁也不能再改")
    sealed = await ScoreRound.get(id=day.visit.id)
    await expect(hall.page.locator("[data-fingerprint] b")).to_have_text(sealed.fingerprint)
    await look_at_board(hall.page, "day-board-sealed")
    return sealed


async def is_revealed_and_published(day, desk, hall):
    await desk.open(f"{day.here}/board")
    for left in (1, 0):
        await press(desk, "下一步")
        await expect(hall.page.locator(".place-hidden")).to_have_count(left)
    await look_at_board(hall.page, "day-board-revealed")
    await looked_at(desk, "board-host")
    await desk.open(day.here)
    await press(desk, "公布结果", fold="公布结果")
    await desk.page.get_by_role("link", name="查看结果和计分单").click()
    await desk.says("为什么是这个分")
    await looked_at(desk, "visit-result")


async def is_read_by_observers(day, phones):
    for name, phone in phones.items():
        await phone.turn_to(RESULT.format(day.visit.id))
        await phone.says("您的 2 张评分表均已计入")
        await phone.says("这部手机上的 2 张回执，都在公布的清单里。")
        await phone.tap("第1站：为什么是这个分")
        await phone.says("综合得分")
        await look_if_special(phone, name, "result")


async def is_found_by_the_unit_among_its_messages(contact):
    await contact.kill_and_reopen()
    await contact.tap("消息", role="tab", exact=True)
    await contact.tap("未读：观摩评议结果已公布")
    await contact.tap("第2站：为什么是这个分")
    await contact.says("综合得分")
    await contact.gone("您的")
    await look(contact, "day-unit-result")


async def is_read_by_the_unit(day, one):
    await one.open(f"{day.here}/result")
    await one.says("第2站")
    words = await one.page.locator("body").inner_text()
    assert [name for name in PHONES if name in words] == []


async def look_if_special(phone, name, page):
    special = {OFFLINE: "offline", ELDER: "elder", DARK: "dark"}
    if name in special:
        await look(phone, f"day-{page}-{special[name]}")
