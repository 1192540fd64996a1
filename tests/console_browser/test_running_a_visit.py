"""A visit on its day in the browser: the rotating code on a screen, presence, lock, opening by two, seal.

SHOTS=folder saves the pictures for inspection.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import CheckIn, CodeScreen, RoundAsk, ScoreRound, VisitStop
from models.vocabulary import Presence, Role, RoundState
from server.site_visits import GivenCheckIn
from server.site_visits.codes import sent_code, step_at
from server.site_visits.refusals import WrongScreenCode
from tests.console_browser.test_sealing import looked_at
from tests.server.site_visits.conftest import Visit, a_place

# The browser's own clock and counter, which a test moves: `passed` for both, `slept` for the clock alone.
CLOCKS = """
window.passed = 0; window.slept = 0;
const counter = performance.now.bind(performance), clock = Date.now.bind(Date);
performance.now = () => counter() + window.passed;
Date.now = () => clock() + window.passed + window.slept;
"""
STEAL = """async () => {
    const db = await new Promise((done) => {
        indexedDB.open('code-screens', 1).onsuccess = (told) => done(told.target.result);
    });
    const asked = db.transaction('screens').objectStore('screens').getAll();
    const [kept] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    return crypto.subtle.exportKey('raw', kept.key).then(() => 'read', (error) => error.name);
}"""
STEP_MS = 30_000
OPEN_FOR = timedelta(minutes=10)
SQUARE, TOLD = ".code-square[data-code]", ".code-told"


@pytest.fixture
async def visit(office):
    return await (await Visit(office).enter()).publish()


@pytest.fixture
async def chen(office, visit):
    return await office.desk_of("小丁")


@pytest.fixture
async def luo(office, visit):
    return await office.desk_of("罗处长", Role.OFFICE_LEAD)


async def opened(one, visit):
    """Open the first stop's screen and let it show its code; returns the code."""
    await one.page.add_init_script(CLOCKS)
    await one.open(f"/console/site-visits/{visit.visit.id}/stops/{visit.stops[0].id}/screen")
    await one.page.get_by_role("button", name="开始显示动态码").click()
    return await shown(one)


async def shown(one, *, other_than=""):
    """Return the code in the square, once it is another one."""
    if other_than:
        await one.page.wait_for_function(
            "(old) => { const now = document.querySelector('.code-square').dataset.code; return now && now !== old; }",
            arg=other_than,
        )
    await one.page.locator(".code-screen.is-showing").wait_for()
    await one.page.locator(f"{SQUARE} svg").wait_for()
    return await one.page.locator(SQUARE).get_attribute("data-code")


async def check_in_by(visit, n, code):
    """Check observer n in with what the phone makes of a code."""
    stop, step, letters = code.split(".")
    assert stop == str(visit.stops[0].id)
    observer, client_id = (await visit.observer(n)).id, uuid4()
    sent = sent_code(letters, step=int(step), observer_id=observer, client_id=client_id)
    given = GivenCheckIn(client_id=client_id, claimed_at=visit.now, code=sent, place=a_place())
    return (await visit.check_in(n, given)).check_in


async def test_the_screens_code_checks_an_observer_in_whatever_the_laptops_clock_says(window, visit, chen):
    async with window(chen) as one:
        code = await opened(one, visit)
        assert abs(int(code.split(".")[1]) - step_at(visit.now)) <= 1
        assert (await check_in_by(visit, 0, code)).presence is Presence.COUNTED
        letters = code.rpartition(".")[2]
        assert await one.page.locator(".code-letters").inner_text() == f"{letters[:5]} {letters[5:]}"


async def test_without_network_the_screen_goes_on_and_after_sleep_it_shows_nothing(window, visit, chen):
    async with window(chen) as one:
        code = await opened(one, visit)
        one.expected = "ERR_INTERNET_DISCONNECTED"
        await one.page.context.set_offline(True)
        await one.page.evaluate(f"window.passed += {STEP_MS}")
        later = await shown(one, other_than=code)
        assert int(later.split(".")[1]) == int(code.split(".")[1]) + 1
        visit.office.watch.ahead += timedelta(milliseconds=STEP_MS)
        assert (await check_in_by(visit, 1, later)).presence is Presence.COUNTED
        await one.says("现在没有网络，动态码照常有效。")

        await one.page.evaluate("window.slept += 5000")
        await one.says("请联网校时")
        assert await one.page.locator(".code-square svg").count() == 0
        await one.page.context.set_offline(False)
        await one.page.get_by_role("button", name="重新校时").click()
        again = await shown(one)
        assert (await check_in_by(visit, 2, again)).presence is Presence.COUNTED


async def test_the_key_can_not_be_read_is_asked_once_and_dies_with_the_stop(window, visit, chen):
    await VisitStop.filter(id=visit.stops[0].id).update(closes_at=visit.now + OPEN_FOR)
    async with window(chen) as one:
        await opened(one, visit)
        assert await one.page.evaluate(STEAL) == "InvalidAccessError"
        await one.page.reload()
        await shown(one)
        assert await CodeScreen.all().count() == 1
        await one.page.evaluate(f"window.passed += {OPEN_FOR.total_seconds() * 1000}")
        await one.says("点位已经结束。")
        visit.office.watch.ahead += OPEN_FOR
        await one.page.reload()
        one.expected = "422"
        await one.page.get_by_role("button", name="开始显示动态码").click()
        await one.says("点位已经结束，不能再开动态码屏幕。")


async def test_a_stopped_screens_code_is_not_accepted(window, visit, chen):
    async with window(chen) as one:
        code = await opened(one, visit)
        await one.open(f"/console/site-visits/{visit.visit.id}")
        await one.page.get_by_role("button", name="停用").click()
        await one.page.get_by_role("button", name="停用").wait_for(state="detached")
        with pytest.raises(WrongScreenCode):
            await check_in_by(visit, 0, code)


async def test_the_code_is_large_on_every_screen(window, visit, chen):
    async with window(chen) as one:
        await opened(one, visit)
        await one.page.get_by_role("button", name="全屏").click()
        await one.page.wait_for_function("document.fullscreenElement === null")
        for width, height in ((1366, 768), (1920, 1080), (3840, 2160)):
            await one.page.set_viewport_size({"width": width, "height": height})
            box = await one.page.locator(".code-square svg").bounding_box()
            assert box["height"] > 0.5 * height
            assert await one.page.evaluate("document.documentElement.scrollHeight") <= height
        await looked_at(one, "screen")


async def test_a_running_visit_goes_from_presence_to_its_seal_by_two_people(window, visit, chen, luo):
    screen = await visit.screen()
    for n in range(5):
        await visit.check_in(n, await visit.scanned(n, screen=screen, place=a_place() if n else None))
        await visit.score(n)
        for stop in (1, 2):
            await visit.present(n, stop)
            await visit.score(n, stop)
    async with window(chen) as one, window(luo) as other:
        await one.open(f"/console/site-visits/{visit.visit.id}")
        await looked_at(one, "running")
        await one.page.get_by_role("checkbox", name="评委0").check()
        await one.page.get_by_label("确认签到的理由").fill("在现场见到本人")
        await one.page.get_by_role("button", name="确认勾选的签到").click()
        await one.says("在现场见到本人")
        assert (await CheckIn.filter(presence=Presence.LOOK).count()) == 0

        await one.page.locator("summary", has_text="封盘").first.click()
        await one.page.get_by_role("button", name="现在封盘").click()
        await one.says("已封盘，不再接收评分")
        await one.page.locator("summary", has_text="申请解除封盘").click()
        await one.page.locator("#unlock-note").fill("漏了一位代表")
        await one.page.get_by_role("button", name="提出申请").first.click()
        await one.says("需要另一位同志确认")
        await looked_at(one, "locked")
        await other.open(f"/console/site-visits/{visit.visit.id}")
        await other.page.get_by_role("button", name="同意解除封盘").click()
        await other.says("自动封盘")
        assert (await RoundAsk.get()).confirmed_by_id == luo.person.id
        await other.page.locator("summary", has_text="封盘").first.click()
        await other.page.get_by_role("button", name="现在封盘").click()
        await other.says("已封盘，不再接收评分")

        await other.page.locator("summary", has_text="写核查结果").first.click()
        await other.page.locator("input[name=words]").first.fill("已当面核实")
        await other.page.get_by_role("button", name="记下").first.click()
        await other.says("已当面核实")
        await other.page.locator("summary", has_text="密封").first.click()
        await other.page.get_by_role("button", name="永久密封").click()
        found = await until_sealed(other, visit)
        assert await other.page.locator(".fingerprint").inner_text() == found.fingerprint
        await looked_at(other, "sealed")
        await other.page.locator("summary", has_text="公布结果").click()
        await other.page.get_by_role("button", name="公布结果").click()
        await other.says("结果已记入年终考核")


async def until_sealed(one, visit):
    await one.says("已密封，谁也不能再改")
    found = await ScoreRound.get(id=visit.visit.id)
    assert found.state is RoundState.SEALED
    return found
