"""A person checks a received picture on the phone: it may have been saved again on its way, or altered.

SHOTS=folder saves the pictures for inspection.
"""

from random import Random
from uuid import uuid4

import pytest

from models import Rendition
from tests.conftest import a_report, until
from tests.miniprogram.test_looks import look
from tests.saved_again import altered, encoded, opened, scenes


@pytest.fixture
async def published(office):
    """The code of a reported photo, and its large rendition."""
    laoma = await office.phone_of("老马")
    picture = list(scenes(3, seed=1))[2]
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    rendition = await until(lambda: Rendition.get_or_none(size="large"))
    return rendition.verify_code, await office.tools.storage.read(rendition.key)


async def choose(phone, name, data):
    """Choose a picture; the first time WeChat asks for consent."""
    async with phone.page.expect_file_chooser() as chooser:
        await phone.tap(name)
        if not phone.has_agreed:
            await phone.seen(phone.page.get_by_role("button", name="同意", exact=True)).tap()
            phone.has_agreed = True
    await (await chooser.value).set_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": data}])
    await phone.seen(phone.page.get_by_role("button", name="不用这张照片")).wait_for()


async def at_the_check(handset, code, **changes):
    phone = await handset("小李", **changes)
    await phone.says("小李，您好")
    await phone.visit("/packages/history/pages/verify/verify")
    await phone.says("这张照片是真的吗？")
    await phone.seen(phone.page.get_by_label("验真码").locator("input")).fill(code)
    return phone


async def test_the_very_file_is_genuine_though_phones_compress_what_they_choose(handset, published):
    code, file = published
    phone = await at_the_check(handset, code)
    for name in ("从手机相册选照片", "从微信聊天选照片"):
        await choose(phone, name, file)
        await phone.tap("核验")
        await phone.says("您选的照片与存档逐字节相同")
    await phone.tap("不用这张照片")
    await phone.tap("核验")
    await phone.says("这个验真码由本系统生成")


async def test_what_a_chat_saved_again_is_the_same_picture(handset, published):
    code, file = published
    phone = await at_the_check(handset, code)
    await choose(phone, "从微信聊天选照片", encoded(opened(file), quality=50))
    await phone.tap("核验")
    await phone.says("同一张照片，转存过")
    await phone.says("画面没有变")


@pytest.mark.parametrize(
    ("name", "width", "scheme", "font"),
    [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)],
)
async def test_what_was_altered_is_shown_where_it_is(handset, published, name, width, scheme, font):
    code, file = published
    phone = await at_the_check(handset, code, width=width, scheme=scheme, hooks={"fontSizeSetting": font})
    await choose(phone, "从手机相册选照片", altered(opened(file), by=Random(3))["an object"])
    await phone.tap("核验")
    await phone.says("框出的地方不同")
    box = await phone.seen(phone.page.locator(".box")).bounding_box()
    whole = await phone.seen(phone.page.locator(".picture")).bounding_box()
    assert 0 < box["width"] < whole["width"] / 3
    assert whole["y"] <= box["y"] < box["y"] + box["height"] <= whole["y"] + whole["height"] + 1
    await look(phone, f"{name}-verify-altered")


async def test_what_is_no_picture_is_said_and_the_page_stays(handset, published):
    code, _ = published
    phone = await at_the_check(handset, code)
    await choose(phone, "从微信聊天选照片", b"no picture at all")
    await phone.tap("核验")
    await phone.says("这个文件不是可以接收的照片")
