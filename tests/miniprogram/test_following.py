"""What becomes of a report, on the reporter's phone: the office asks, he answers, it is mended, he looks."""

import pytest

from models import LedgerItem, Observation, Recheck, Rendition
from models.vocabulary import ObservationState, Role
from server import observations
from server.ledger import NewItem
from tests.conftest import a_picture, sha256, until
from tests.journeys.test_from_number_to_close_out import do
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_reporting import photo, shoot, write

CORNER = "北京路和民族街口西南角，公交站旁边"


@pytest.fixture
async def desk(office):
    """小陈, 罗主任 and 王科长, who are not in this story's hands."""
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
    """Back to the list and into the report, as one does when a message has come."""
    await phone.tap("返回")
    await into_the_report(phone)


async def into_the_report(phone):
    await phone.tap("我的上报", role="tab")
    await phone.seen(phone.page.get_by_role("button", name="路口坑槽")).tap()


async def mended(office, desk, found):
    """The matter's way through the office, to its close-out with a picture of afterwards."""
    visitor = await office.visitor(desk.chen.person)
    found = await Observation.get(id=found.id)
    item = await observations.accept(
        found.id,
        version=found.version,
        new=NewItem("路口坑槽", found.kind),
        by=visitor,
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


async def test_the_office_asks_the_reporter_answers_and_in_the_end_looks_with_one_tap(handset, office, desk):
    phone = await handset("老马")
    found = await reported(phone, "路口坑槽")
    await phone.tap("补充修改")
    assert await phone.seen(phone.page.locator("textarea")).input_value() == "路口坑槽"
    await write(phone, "路口坑槽一周未修")
    await phone.tap("提交")
    await phone.tap("查看办理进度")
    found = await Observation.get(id=found.id)
    assert (found.version, found.text, found.accuracy_m) == (2, "路口坑槽一周未修", 12.0)
    visitor = await office.visitor(desk.chen.person)
    await observations.ask_more(
        found.id, reason="unclear_place", version=found.version, by=visitor, now=office.watch.now()
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
    for name in ("整改前的照片", "整改后的照片"):
        picture = phone.seen(phone.page.get_by_label(name)).locator("img")
        await until(lambda shown=picture: shown.evaluate("(one) => one.naturalWidth > 0"))
    await phone.says(office.bureau.short_name)
    await look(phone, "recheck")
    await phone.tap("没解决")
    await phone.says("您看过了：没解决。改革办正在复核")
    assert (await LedgerItem.get()).needs_review_since is not None

    code = (await Rendition.filter(subject_id=found.id).first()).verify_code
    await phone.tap("返回")
    await phone.tap("核验水印照片真伪")
    await phone.seen(phone.page.get_by_label("验真码").locator("input")).fill(code)
    await phone.tap("核验")
    await phone.says("这个验真码由本系统生成")


async def test_a_report_is_taken_back_before_it_is_decided(handset, office):
    phone = await handset("老马")
    found = await reported(phone, "看错了")
    await phone.tap("撤回这份上报")
    await phone.tap("不撤回")
    await phone.tap("撤回这份上报")
    await phone.seen(phone.page.get_by_role("dialog").get_by_role("button", name="撤回", exact=True)).tap()
    await phone.says("您已撤回这份上报。")
    assert (await Observation.get(id=found.id)).state is ObservationState.WITHDRAWN
