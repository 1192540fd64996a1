"""小陈 signs in, reviews without touching the mouse, and finds the item with its timeline in the ledger."""

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import pyotp
from playwright.async_api import expect

from models import LedgerItem, Observation, Redaction, Rendition
from models.vocabulary import ObservationState
from tests.conftest import PASSWORD, a_picture, a_report, until


async def sent(office, count):
    """Send reports of one volunteer, each with its photo rendered."""
    laoma = await office.phone_of("老马")
    for number in range(count):
        picture = a_picture((40 * number, 90, 120))
        await laoma.submit(a_report(picture, text=f"第{number + 1}处坑槽一周没修。请看照片"), uuid4())
        await laoma.upload(picture)
        office.watch.ahead += timedelta(seconds=1)  # within one second, any may come first

    async def developed():
        return await Rendition.filter(size="large").count() == count

    await until(developed)
    return await Observation.all().order_by("received_at")


async def test_xiao_chen_reviews_by_keyboard_only(office, window):
    chen = await office.desk_by_password("小陈")
    first, second, third = await sent(office, 3)
    office.watch.ahead = timedelta(minutes=1)  # a code is good for one sign-in only

    async with window() as desk:
        await desk.open("/console/review")
        await expect(desk.page.locator("#username")).to_be_focused()
        await desk.page.keyboard.type(chen.login.username)
        await desk.press("Tab")
        await desk.page.keyboard.type(PASSWORD)
        await desk.press("Tab")
        await desk.page.keyboard.type(pyotp.TOTP(chen.login.totp_secret).at(office.watch.now()))
        await desk.press("Enter")
        await desk.says("第1处坑槽一周没修。请看照片")
        await desk.says("您正在审核")  # once it is claimed, the page's scripts are ready: keys work

        await desk.press("j")
        await desk.page.wait_for_selector(f'[data-report="{second.id}"]')
        await desk.press("k")
        await desk.page.wait_for_selector(f'[data-report="{first.id}"]')

        began = time.monotonic()
        await desk.press("1", "Enter")  # a clear case takes two keys, and far less than fifteen seconds
        await desk.says("已挂号")
        await desk.page.wait_for_selector(f'[data-report="{second.id}"]')
        assert time.monotonic() - began < 15
        await expect(desk.page.locator("#count-waiting")).to_have_text("2")

        await desk.press("2", "Tab")
        await desk.page.keyboard.type("写上门牌号")
        seen = await desk.page.locator("details[open] [data-seen]").inner_text()
        assert seen == "请补充具体位置，例如路名和门牌号。\n写上门牌号"
        await desk.press("Tab", "Enter")
        await desk.page.wait_for_selector(f'[data-report="{third.id}"]')

        await desk.press("3", "Enter")
        await desk.says("都处理完了")
        states = await Observation.all().order_by("received_at").values_list("state", flat=True)
        assert states == [ObservationState.REGISTERED, ObservationState.MORE_ASKED, ObservationState.DECLINED]

        item = await LedgerItem.get()
        await desk.open("/console/ledger")
        await desk.page.get_by_role("link", name=item.number_text).press("Enter")
        await desk.page.wait_for_url(f"**/console/ledger/{item.id}")
        told = await desk.page.locator(".deeds li").all_inner_texts()
        assert [line.split("\n")[1] for line in told] == [
            "收到上报，附照片1张",
            "照片全部送达",
            f"挂号，编号{item.number_text}",
            f"审核采纳，挂号{item.number_text}",
        ]


async def test_fast_keys_step_on_and_a_late_answer_does_not_take_the_page_back(office, window):
    chen = await office.desk_of("小陈")
    _, second, third = await sent(office, 3)
    late = asyncio.Event()

    async def after_the_third(route):
        answer = await route.fetch()  # the office has answered; the line is slow
        await late.wait()
        await route.fulfill(response=answer)

    async with window(chen) as desk:
        await desk.open("/console/review")
        await desk.says("您正在审核")
        await desk.page.route(f"**/console/review/{second.id}*", after_the_third)
        await desk.press("j", "j")
        await desk.page.wait_for_selector(f'[data-report="{third.id}"]')
        await desk.says("您正在审核")
        async with desk.page.expect_request_finished(lambda one: str(second.id) in one.url):
            late.set()
        # A key works after the late answer: from the third report to the second, and back
        await expect(desk.page.locator("[data-report]")).to_have_attribute("data-report", str(third.id))
        await expect(desk.page.locator("[data-queue] [aria-current]")).to_have_attribute(
            "data-id", str(third.id)
        )
        await desk.press("k")
        await desk.page.wait_for_selector(f'[data-report="{second.id}"]')


async def test_the_help_opens_by_question_mark_and_keys_rest_while_one_types(office, window):
    chen = await office.desk_of("小陈")
    (first,) = await sent(office, 1)

    async with window(chen) as desk:
        await desk.open("/console/review")
        await desk.press("?")
        assert await desk.page.locator("#help").is_visible()
        await desk.press("Escape")

        await desk.press("1")
        await desk.page.keyboard.type("j2 标题?")
        assert await desk.page.locator("#title").input_value() == "j2 标题?"
        await desk.press("Escape", "3")
        assert await desk.page.locator('[data-decision="3"]').get_attribute("open") is not None
        assert await desk.page.locator('[data-decision="1"]').get_attribute("open") is None

        await desk.press("Escape", "f")
        await desk.page.wait_for_selector("#lightbox[open] img")
        await desk.press("Escape")
        assert await desk.page.locator(f'[data-report="{first.id}"]').is_visible()


async def test_two_reviewers_at_one_line_never_work_on_the_same_report(office, window):
    chen, gao = await office.desk_of("小陈"), await office.desk_of("小高")
    _, second = await sent(office, 2)

    async with window(chen) as one, window(gao) as other:
        await one.open("/console/review")
        await one.says("您正在审核")
        await other.open("/console/review")  # opens a free report
        await other.page.wait_for_selector(f'[data-report="{second.id}"]')
        await other.says("小陈正在审核")
        await other.press("k")
        await other.says("小陈正在审核这一条")

        await one.press("1", "Enter")
        await one.says("已挂号")
        await other.press("j", "k")
        await other.says("已挂号")


async def test_faces_are_blackened_without_a_mouse_and_a_line_goes_to_the_reporter(office, window):
    chen = await office.desk_of("小陈")
    (report,) = await sent(office, 1)
    before = await Rendition.get(size="large")

    async with window(chen) as desk:
        await desk.open("/console/review")
        await desk.says("您正在审核")
        await desk.press("r")
        await desk.says("还没有方框")
        await desk.press("a", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown")
        await desk.says("共1个方框；第1个：距左39%，距上39%，宽21%，高16%")
        await desk.press("a", "Delete")
        stage = await desk.page.locator("[data-stage] img").bounding_box()
        await desk.page.mouse.move(stage["x"] + stage["width"] * 0.1, stage["y"] + stage["height"] * 0.1)
        await desk.page.mouse.down()
        await desk.page.mouse.move(stage["x"] + stage["width"] * 0.3, stage["y"] + stage["height"] * 0.2)
        await desk.page.mouse.up()
        await desk.says("共2个方框；第2个：距左10%，距上10%，宽20%，高10%")
        await desk.page.get_by_role("button", name="遮挡并重新生成照片").press("Enter")
        await desk.page.wait_for_selector("[data-photo] .photo-none, [data-enlarge]")

        async def renewed():
            return await Rendition.filter(size="large", withdrawn_at=None).exclude(id=before.id).first()

        after = await until(renewed)
        await desk.page.wait_for_selector(f'[data-enlarge][href="/console/photos/{after.id}"]')
        redaction = await Redaction.get()
        assert [[round(share, 1) for share in box] for box in redaction.boxes] == [
            [0.4, 0.4, 0.6, 0.6],
            [0.1, 0.1, 0.3, 0.2],
        ]

        await desk.press("m")
        await desk.page.keyboard.type("请问坑有多深？")
        await desk.press("Tab", "Enter")
        await expect(desk.page.locator(".line-ours")).to_contain_text("请问坑有多深？")
        assert (await Observation.get(id=report.id)).state is ObservationState.RECEIVED


async def test_what_was_typed_stays_when_the_network_is_gone(office, window):
    chen = await office.desk_of("小陈")
    await sent(office, 1)

    async with window(chen) as desk:
        await desk.open("/console/review")
        await desk.press("1")
        await desk.page.keyboard.type("我写了很久的标题")
        desk.expected = ""  # a browser reports much about a missing network
        await desk.page.context.set_offline(True)
        await desk.press("Enter")
        await desk.says("网络中断，没有发出去")
        assert await desk.page.locator("#title").input_value() == "我写了很久的标题"

        await desk.page.context.set_offline(False)
        await desk.page.locator("#title").press("Enter")
        await desk.says("已挂号")
