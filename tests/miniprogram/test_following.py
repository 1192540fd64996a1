"""What becomes of a report, on the reporter's phone: the office asks, they answer, it is fixed, they re-check."""

import pytest

from models import LedgerItem, Observation, Recheck, Rendition
from models.vocabulary import ObservationState, Role
from server import observations
from server.kernel.clock import day_of
from server.ledger import NewItem
from tests.conftest import a_picture, sha256, until
from tests.console_browser.conftest import window
from tests.journeys.test_from_number_to_close_out import do
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_reporting import photo, shoot, write

__all__ = ["window"]
CORNER = "北京路和民族街口西南角，公交站旁边"


@pytest.fixture
async def desk(office):
    """小陈, 罗主任 and 王科长, whose phones are not used here."""
    desk = type("Desk", (), {})()
    desk.chen = await office.phone_of("小陈", Role.OFFICE_STAFF)
    desk.luo = await office.phone_of("罗主任", Role.OFFICE_LEAD)
    desk.wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    return desk


async def reported(phone, words):
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await write(phone, words)
    await phone.tap("提交")
    await phone.tap("查看办理进度")
    return await Observation.get(state=ObservationState.RECEIVED)


async def look_again(phone):
    """Go back to the list and into the report, as after a message."""
    await phone.tap("返回")
    await into_the_report(phone)


async def into_the_report(phone):
    await phone.tap("我的上报", role="tab")
    await phone.seen(phone.page.get_by_role("button", name="路口坑槽")).tap()


async def mended(office, desk, found):
    """Take the matter through the office to its close-out with a picture of the result."""
    actor = await office.actor(desk.chen.person)
    found = await Observation.get(id=found.id)
    item = await observations.accept(
        found.id,
        version=found.version,
        new=NewItem("路口坑槽", found.kind),
        by=actor,
        now=office.watch.now(),
    )
    await do(desk.chen, item, "dispatches", unit_id=str(office.bureau.id), days=10)
    await do(desk.wang, item, "acknowledgements")
    after = a_picture("grey")
    proof = [{"sha256": sha256(after), "bytes": len(after), "kind": "after"}]
    await do(desk.wang, item, "close-out-requests", text="已修补", evidence=proof)
    await desk.wang.upload(after)
    await until(lambda: _developed(desk.luo, item))
    closed = await do(desk.luo, item, "close-out-decisions", approved=True, reply="现场已核")
    assert closed.status_code == 201, closed.text
    await until(lambda: Recheck.exists(observation_id=found.id))


async def _developed(phone, item):
    card = (await phone.get(f"/ledger-items/{item.id}")).json()
    return card["evidence"] and card["evidence"][0]["photos"][0]["links"]


async def test_the_office_asks_the_reporter_answers_and_in_the_end_looks(handset, office, desk, window):
    phone = await handset("老马")
    found = await reported(phone, "路口坑槽")
    await phone.tap("补充修改")
    assert await phone.seen(phone.page.locator("textarea")).input_value() == "路口坑槽"
    await write(phone, "路口坑槽一周未修")
    await phone.tap("提交")
    await phone.tap("查看办理进度")
    found = await Observation.get(id=found.id)
    assert (found.version, found.text, found.accuracy_m) == (2, "路口坑槽一周未修", 12.0)
    actor = await office.actor(desk.chen.person)
    await observations.ask_more(
        found.id, reason="unclear_place", version=found.version, by=actor, now=office.watch.now()
    )
    await look_again(phone)
    await phone.says("请补充具体位置")
    await look(phone, "asked")
    await phone.lose_network()
    await write(phone, CORNER)
    await phone.tap("提交补充")
    await phone.says("内容已保存在手机上，有信号时可以继续。")
    await phone.tap("知道了")
    await phone.kill_and_reopen(offline=True)
    await phone.find_network()
    await into_the_report(phone)
    assert await phone.seen(phone.page.locator("textarea")).input_value() == CORNER
    await phone.tap("提交补充")
    await phone.says(CORNER)
    answered = await until(lambda: Observation.get_or_none(id=found.id, state=ObservationState.RECEIVED))

    await mended(office, desk, answered)
    await look_again(phone)
    await phone.says("现场看到解决了吗？")
    await phone.tap("我看过了，去答复")
    for name in ("整改前的照片", "整改后的照片"):
        picture = phone.seen(phone.page.get_by_label(name)).locator("img")
        await until(lambda shown=picture: shown.evaluate("(one) => one.naturalWidth > 0"))
    await phone.says(office.bureau.short_name)
    await drag(phone, by=-100)
    await phone.says("请选解决了或没解决")
    await phone.tap("没解决", role="radio")
    await phone.says("请用一句话写明哪里没解决")
    await look(phone, "recheck")
    await phone.write("现场看到了什么", "雨后又塌了")
    await phone.choose("添加照片", photo("sienna"))
    await phone.seen(phone.page.get_by_label("第1张照片")).wait_for()
    await phone.tap("提交")
    await phone.tap("再看看")
    assert (await Recheck.get()).answer is None
    await phone.lose_network()
    await phone.tap("提交")
    await phone.seen(phone.page.get_by_role("dialog").get_by_role("button", name="提交")).tap()
    await phone.says("您的答复已保存在手机上，联网后自动提交。")
    await phone.kill_and_reopen(offline=True)
    await phone.find_network()
    told = await until(lambda: Recheck.get_or_none(answer="unsolved"))
    assert (told.text, (await LedgerItem.get()).needs_review_since is not None) == ("雨后又塌了", True)
    await until(lambda: Rendition.exists(subject_id=told.id, size="large"))
    made = (await Rendition.get(subject_id=told.id, size="large")).made_at
    assert made == day_of(made), "nothing tells the hour at which somebody looked"
    await into_the_report(phone)
    await phone.says("您看过了：没解决。改革办正在复核")
    await phone.says("雨后又塌了")
    await look(phone, "rechecked")
    await write(phone, "井盖也松了")
    await phone.tap("发送留言")
    await phone.says("井盖也松了")
    await seen_at_the_desks(office, window)

    code = (await Rendition.filter(subject_id=found.id).first()).verify_code
    await phone.tap("返回")
    await phone.tap("核验水印照片真伪")
    await phone.seen(phone.page.get_by_label("验真码").locator("input")).fill(code)
    await phone.tap("核验")
    await phone.says("这个验真码由本系统生成")


async def drag(phone, *, by):
    """Drag the handle of the pictures sideways by this many pixels: the earlier picture gives way to the later one."""
    handle = phone.seen(phone.page.get_by_role("slider"))
    assert await handle.get_attribute("aria-valuenow") == "50"
    box = await handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = await phone.context.new_cdp_session(phone.page)
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + by / 2, "y": y}]),
        ("touchMove", [{"x": x + by, "y": y}]),
        ("touchEnd", []),
    ):
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        await phone.page.evaluate("new Promise((go) => setTimeout(go, 50))")
    width = (await phone.seen(phone.page.get_by_label("整改后的照片")).bounding_box())["width"]

    async def moved():
        return abs(int(await handle.get_attribute("aria-valuenow")) - (50 + 100 * by / width)) <= 2

    await until(moved)


async def seen_at_the_desks(office, window):
    """Check the desks: the office reads words and photo beside before and after, by day; the unit reads neither."""
    item = await LedgerItem.get()
    async with window(await office.desk_of("小高")) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.says("雨后又塌了")
        shot = desk.page.locator("[data-recheck] img")
        await until(lambda: shot.evaluate("(one) => one.complete && one.naturalWidth > 0"))
        slider = desk.page.locator("[data-compare] input")
        await slider.focus()
        await desk.press("ArrowRight")
        at = "(one) => one.closest('[data-compare]').style.getPropertyValue('--at')"
        assert await slider.evaluate(at) == "51%"
    contact = await office.desk_of("刘联络", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    async with window(contact) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.says("办理经过")
        assert await desk.page.get_by_text("雨后又塌了").count() == 0
        assert await desk.page.get_by_text("没解决").count() == 0, "on its day not even that"
        assert await desk.page.locator("[data-recheck]").count() == 0


async def test_a_report_is_taken_back_before_it_is_decided(handset, office):
    phone = await handset("老马")
    found = await reported(phone, "看错了")
    await phone.tap("撤回这份上报")
    await phone.tap("不撤回")
    await phone.tap("撤回这份上报")
    await phone.seen(phone.page.get_by_role("dialog").get_by_role("button", name="撤回", exact=True)).tap()
    await phone.says("您已撤回这份上报。")
    assert (await Observation.get(id=found.id)).state is ObservationState.WITHDRAWN
