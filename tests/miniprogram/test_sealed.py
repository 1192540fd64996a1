"""A sealed report from the phone: with a ticket and a code on paper, and without any sign-in."""

import json
import re

import pytest

from models import Observation, SealedAccess
from models.vocabulary import ObservationState, Role
from server import observations, sealed
from server.gateways import escrow
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_reporting import photo, shoot, write
from tests.server.sealed.conftest import Holder, papers


@pytest.fixture
async def city(office):
    """An office with key-holders, before any phone is opened."""
    admin = await office.actor(await office.enrol("管理员", Role.ADMINISTRATOR))
    holders = {letter: Holder(*escrow.new_key()) for letter in escrow.HOLDERS}
    await sealed.set_up(papers(holders), by=admin, now=office.watch.now())
    return office


async def sent_under_seal(phone, words="北京路口有两个坑"):
    """Send a sealed report up to the page with the code; return the code."""
    await until(lambda: stored(phone, "tickets"))
    await shoot(phone, photo("teal"))
    await write(phone, words)
    await phone.tap("密封身份：", role="radio")
    await phone.tap("提交")
    await phone.says("不要用发过朋友圈的照片")
    await phone.tap("密封交上")
    await phone.says("请把取件码抄在纸上")
    digits = await phone.page.locator(".digits").all_inner_texts()
    return "".join(digits)


async def stored(phone, name):
    """Return what the phone's plain storage has under a key; None while it is empty."""
    found = await phone.page.evaluate(
        "(name) => Object.entries(localStorage).filter(([key]) => key.endsWith(':' + name)).map(([, one]) => one)[0]",
        name,
    )
    return json.loads(found)["data"] if found else None


async def test_a_sealed_report_leaves_the_phone_without_a_sign_in_and_the_paper_is_checked(city, handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    code = await sent_under_seal(phone)
    assert re.fullmatch(r"\d{24}", code)

    wrong = f"{(int(code[-4:]) + 1) % 10000:04d}"
    await phone.write("取件码最后4位", wrong)
    await phone.tap("抄好了")
    await phone.says("取件码不对，请看第几组抄错了。")
    await phone.write("取件码最后4位", code[-4:])
    await phone.tap("抄好了")
    await phone.says("已密封交上")
    await phone.says("已核对：改革办收到的文字和照片与您手机上的一致。")

    at = [n for n, asked in enumerate(phone.line.asked) if "/sealed/" in asked]
    assert [re.sub("[0-9a-f]{64}", "NAME", phone.line.asked[n].split("?")[0]) for n in at] == [
        "PUT /api/v1/sealed/report",
        "POST /api/v1/sealed/photos/NAME",
    ]
    assert at == list(range(at[0], at[0] + 2))  # nothing between them
    assert not any("/observations/" in asked for asked in phone.line.asked)
    everything = await phone.page.evaluate("JSON.stringify(localStorage)")
    for told in ("北京路口有两个坑", code, "draft:"):
        assert told not in everything
    await sealed.enter_arrivals()
    one = await Observation.get()
    assert (one.text, one.anonymity, one.latitude) == ("北京路口有两个坑", "sealed", 38.487)


async def test_what_the_office_asks_is_read_and_answered_at_a_tap(city, handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    code = await sent_under_seal(phone)
    await phone.write("取件码最后4位", code[-4:])
    await phone.tap("抄好了")
    await sealed.enter_arrivals()
    chen = await city.actor(await city.enrol("小陈", Role.OFFICE_STAFF))
    (waiting,) = await observations.queue(chen, states=(*observations.QUEUE,))
    await observations.ask_more(
        waiting.id, version=waiting.version, reason="unclear_place", by=chen, now=city.watch.now()
    )
    await phone.tap("看我的密封上报")
    await phone.tap(f"密封上报{waiting.receipt_number}")
    await phone.says("请补充具体位置，例如路名和门牌号。")
    await phone.write("留言", "在88号门口")
    await phone.tap("发送留言")
    await until(lambda: Observation.filter(state=ObservationState.RECEIVED).exists())
    await phone.tap("撤回这份上报")
    await phone.tap("撤回", exact=True)
    await phone.says("您已撤回这份上报。")


async def test_the_paper_brings_the_report_to_another_phone_and_traces_are_cleared(city, handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    code = await sent_under_seal(phone)
    new = await handset("新手机", None)
    await new.visit("/packages/sealed/pages/restore/restore")
    await new.write("取件码", " ".join(code[at : at + 4] for at in range(0, 24, 4))[:-1] + "x")
    await new.says("还差1位")
    await new.write("取件码", code[:10] + str((int(code[10]) + 1) % 10) + code[11:])
    await new.says("取件码不对，请看第几组抄错了。")
    await new.write("取件码", code)
    await new.tap("找回")
    await new.says("系统自己也查不到您是谁")
    await phone.visit("/packages/sealed/pages/shelf/shelf")
    await phone.says("取件码还没有抄下")
    await phone.tap("密封上报")
    await phone.says("没有找到您要的内容。")
    await phone.visit("/packages/sealed/pages/shelf/shelf")
    await phone.tap("清除痕迹")
    await phone.tap("清除", exact=True)
    await phone.says("这部手机上没有密封上报。")


async def test_a_line_that_breaks_makes_no_second_report(city, handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await until(lambda: stored(phone, "tickets"))
    await shoot(phone, photo("teal"))
    await write(phone, "信号很差的地方")
    await phone.tap("密封身份：", role="radio")
    await phone.tap("提交")
    phone.line.deaf_to = 1  # it arrives, the answer does not
    await phone.tap("密封交上")
    await phone.says("现在连不上网络。")
    await phone.tap("密封交上")
    await phone.says("请把取件码抄在纸上")
    assert await SealedAccess.all().count() == 1


async def test_without_key_holders_no_phone_offers_the_tier(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await phone.says("谁能知道是您报的")
    assert await phone.page.get_by_text("密封身份").count() == 0
    await phone.tap("谁能看到我")
    await phone.says("系统保证不了的")
    await phone.tap("密封身份", role="radio")
    await phone.says("这里还没有设三位保管人，暂时不能选。")


@pytest.mark.parametrize(
    ("name", "width", "scheme", "font"),
    [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)],
)
async def test_every_screen_of_a_sealed_reporter(city, handset, name, width, scheme, font):
    phone = await handset("老马", width=width, scheme=scheme, hooks={"fontSizeSetting": font})
    await phone.says("老马，您好")
    await phone.visit("/packages/account/pages/seen/seen")
    await phone.says("系统保证不了的")
    await look(phone, f"{name}-seen")
    await phone.tap("密封身份", role="radio")
    await look(phone, f"{name}-seen-sealed")
    await phone.visit("/pages/home/home")
    await until(lambda: stored(phone, "tickets"))
    await shoot(phone, photo("teal"))
    await write(phone, "北京路口有两个坑")
    if name == "elder":
        await phone.tap("更多选择（可不填）")
    await phone.tap("密封身份：", role="radio")
    await look(phone, f"{name}-tiers")
    await phone.tap("提交")
    await phone.says("不要用发过朋友圈的照片")
    await look(phone, f"{name}-asking")
    await phone.tap("密封交上")
    await phone.says("请把取件码抄在纸上")
    await look(phone, f"{name}-paper")
    code = "".join(await phone.page.locator(".digits").all_inner_texts())
    await phone.write("取件码最后4位", code[-4:])
    await phone.tap("抄好了")
    await phone.says("已密封交上")
    await look(phone, f"{name}-sealed")
    await phone.tap("看我的密封上报")
    await phone.says("凭取件码找回")
    await look(phone, f"{name}-shelf")
    await phone.tap("密封上报", exact=False)
    await phone.says("系统自己也查不到您是谁")
    await look(phone, f"{name}-one")
    await phone.visit("/packages/sealed/pages/restore/restore")
    await phone.says("输入纸上的取件码")
    await look(phone, f"{name}-restore")
