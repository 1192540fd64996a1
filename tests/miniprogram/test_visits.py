"""Observers on their phones: the list, checking in by the screen, scoring, a dead line, a kill, the result."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from models import Ballot, CheckIn, Observation, Photo
from models.vocabulary import BallotState, Presence, Role
from server import scoring, site_visits
from server.site_visits.codes import letters, step_at
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_reporting import photo
from tests.server.site_visits.conftest import Visit

LIST = "/packages/visits/pages/list/list"
# The first stop as WeChat tells it: in GCJ-02, 386 m from the same figures in WGS-84.
AT_THE_STOP = {"latitude": 38.487660, "longitude": 106.235299, "accuracy": 12}
STOP = "/packages/visits/pages/stop/stop?visit={}&stop={}"
MODES = [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)]


@pytest.fixture
async def visit(office):
    """The clock stays: a phone's own time is the real one."""
    made = Visit(office)
    office.watch.ahead = timedelta()
    await made.enter()
    return made


async def held_now(visit, *more):
    """A visit whose stops are open all day, observed by the five and by these."""
    for person in more:
        visit.people.append(person)
    await visit.publish_all_day(groups=["experts"] * 3 + ["deputies"] * (2 + len(more)))
    return visit


async def shown_by(visit, screen):
    step = step_at(visit.now)
    return f"{screen.stop_id}.{step}.{letters(bytes.fromhex(screen.key), step)}"


async def ballots(state=BallotState.SUBMITTED):
    return await Ballot.filter(state=state).count()


async def test_who_observes_scans_scores_and_sees_his_ballot_counted(visit, handset, office):
    phone = await handset("李代表", Role.DEPUTY, at=AT_THE_STOP)
    await held_now(visit, phone.person)
    screen = await visit.screen()
    await phone.page.evaluate(
        "(code) => { globalThis.__MP_HOOKS__.scanned = code }", await shown_by(visit, screen)
    )
    await phone.tap("我的", role="tab", exact=True)
    await phone.tap("实地观摩")
    await phone.tap("秋季观摩")
    await phone.says("已评 0/3，剩余：第1站、第2站、第3站")
    await phone.tap("1．第1站")
    await phone.tap("同意", exact=True)
    await phone.tap("扫现场屏幕签到")
    await phone.says("李代表，欢迎！第 1 站 / 共 3 站")
    kept = await CheckIn.get(stop_id=visit.stops[0].id)
    assert (kept.presence, kept.evidence["doubts"]) == (Presence.COUNTED, [])
    await phone.says("还没有打分：成效、创新")
    await phone.tap("成效（权重 60）减分")
    await phone.tap("创新（权重 40）减分")
    await phone.tap("创新（权重 40）减分")
    assert await until(lambda: ballots(BallotState.DRAFT))
    await phone.tap("提交评分")
    assert await until(ballots)
    given = await Ballot.get()
    assert given.scores == {"c1": "100.0", "c2": "99.5"}
    await phone.says("已提交")


async def test_on_the_day_the_way_to_the_visit_is_on_the_first_page(visit, handset, office):
    phone = await handset("李代表", Role.DEPUTY)
    await held_now(visit, phone.person)
    await phone.tap("消息", role="tab", exact=True)
    await phone.tap("首页", role="tab", exact=True)
    await phone.tap("秋季观摩")
    await phone.says("已评 0/3，剩余：第1站、第2站、第3站")


async def test_a_ballot_outlives_a_dead_line_and_a_kill(visit, handset, office):
    phone = await handset("李代表", Role.DEPUTY)
    await held_now(visit, phone.person)
    await visit.present(5)
    await phone.turn_to(STOP.format(visit.visit.id, visit.stops[0].id))
    await phone.tap("同意", exact=True)
    await phone.says("签到成功")
    await phone.lose_network()
    await phone.tap("成效（权重 60）减分")
    await phone.tap("创新（权重 40）减分")
    await phone.tap("提交评分")
    await phone.says("等网络，有信号时自动送达")
    assert await Ballot.all().count() == 0
    await phone.kill_and_reopen(offline=True)
    await phone.find_network()
    assert await until(ballots)


async def test_what_was_seen_becomes_a_report_in_one_tap(visit, handset, office):
    phone = await handset("李代表", Role.DEPUTY)
    await held_now(visit, phone.person)
    await visit.present(5)
    await phone.turn_to(STOP.format(visit.visit.id, visit.stops[0].id))
    await phone.tap("同意", exact=True)
    await phone.write("意见", "叫号机黑屏")
    await phone.tap("反映为问题，可以拍照")
    await expect(phone.page.get_by_role("textbox", name="看到了什么")).to_have_value("叫号机黑屏")
    await phone.says("已定位")
    await phone.says("改革办知道当时有谁在那里签到")
    await look(phone, "report-from-stop")
    assert await Observation.all().count() == 0


async def test_a_photo_taken_at_a_stop_becomes_a_report_with_its_place(visit, handset, office):
    phone = await handset("李代表", Role.DEPUTY)
    await held_now(visit, phone.person)
    await visit.present(5)
    await phone.turn_to(STOP.format(visit.visit.id, visit.stops[0].id))
    await phone.tap("同意", exact=True)
    await phone.choose("拍一张，作为问题反映", photo("teal"))
    await phone.says("草稿已保存在手机上")
    await phone.says("已定位")
    await phone.says("还差一句话")  # the photo is there
    await phone.write("看到了什么", "叫号机黑屏")
    await phone.tap("提交")
    assert await until(lambda: Photo.all().count())
    assert await until(lambda: Observation.all().count())


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_every_screen_of_an_observer(visit, handset, office, mode, width, scheme, font):
    phone = await handset("李代表", Role.DEPUTY, width=width, scheme=scheme, hooks={"fontSizeSetting": font})
    await held_now(visit, phone.person)
    await phone.turn_to(LIST)
    await phone.says("已评 0/3")
    await look(phone, f"{mode}-visits")
    await phone.turn_to(f"/packages/visits/pages/visit/visit?id={visit.visit.id}")
    await phone.says("封盘")
    await look(phone, f"{mode}-visit")
    stop = STOP.format(visit.visit.id, visit.stops[0].id)
    await phone.turn_to(stop)
    await phone.tap("同意", exact=True)
    await phone.gone("不同意")
    await phone.says("扫不了，先记下再请工作人员确认")
    await look(phone, f"{mode}-stop")
    await visit.present(5)
    await phone.turn_to(LIST)
    await phone.says("已评 0/3")
    await phone.turn_to(stop)
    await phone.tap("成效（权重 60）减分")
    await look(phone, f"{mode}-ballot")
    for n in range(6):
        for at in range(3):
            if not await CheckIn.filter(stop_id=visit.stops[at].id, observer_id=(await visit.observer(n)).id):
                await visit.present(n, at)
            if n < 5:
                await visit.score(n, at)
    await visit.lock()
    await site_visits.seal_visit(visit.visit.id, by=visit.luo, now=visit.now, tools=visit.tools)
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    await phone.turn_to(f"/packages/visits/pages/result/result?id={visit.visit.id}")
    await phone.says("封盘指纹")
    await look(phone, f"{mode}-visit-result")
