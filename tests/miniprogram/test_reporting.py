"""A volunteer reports from the phone: online, without a network, over a breaking connection, against a refusal."""

from io import BytesIO

from PIL import Image, ImageColor

from models import Observation, Photo
from models.vocabulary import ObservationState, Role
from tests.conftest import a_picture, until


def photo(colour, name="a.jpg"):
    return {"name": name, "mimeType": "image/jpeg", "buffer": a_picture(colour)}


async def shoot(phone, *photos):
    """Tap 拍照上报: the first time WeChat asks for consent."""
    async with phone.page.expect_file_chooser() as chooser:
        await phone.tap("拍照上报")
        agree = phone.seen(phone.page.get_by_role("button", name="同意", exact=True))
        if not phone.has_agreed:
            await agree.tap()
            phone.has_agreed = True
    await (await chooser.value).set_files(list(photos))
    await phone.seen(phone.page.get_by_label("看到了什么")).wait_for()


async def write(phone, words):
    field = phone.seen(phone.page.locator("textarea"))
    await field.fill(words)


async def everything(state=ObservationState.RECEIVED):
    return await Observation.filter(state=state).order_by("received_at")


def alike(one, other):
    """Whether two colours differ by no more than a JPEG may change them."""
    return all(abs(a - b) < 6 for a, b in zip(one, other, strict=True))


async def hues(office):
    """Return what the photos at the office show: the phone made them smaller, so their bytes are new."""
    known = ("teal", "navy", "olive")
    found = set()
    for one in await Photo.all():
        kept = Image.open(BytesIO(await office.tools.storage.read(one.key, seal=office.tools.keys)))
        middle = kept.getpixel((kept.width // 2, kept.height // 2))
        found |= {hue for hue in known if alike(middle, ImageColor.getrgb(hue))}
    return found


async def test_three_taps_to_a_receipt_that_agrees_with_the_phone(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"), photo("navy"))
    await phone.says("已定位，误差约12米")
    await write(phone, "北京路与民族街口有两个坑")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    await phone.says("已核对：改革办收到的文字和照片与您手机上的一致。")
    [kept] = await everything()
    await phone.says(kept.receipt_number)
    assert (kept.text, kept.datum, kept.accuracy_m) == ("北京路与民族街口有两个坑", "gcj02", 12.0)
    assert await hues(office) == {"teal", "navy"}


async def test_two_drafts_written_without_a_network_survive_a_kill_and_arrive_exactly_once(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await phone.lose_network()
    await shoot(phone, photo("teal"))
    await write(phone, "第一条：路灯不亮")
    await phone.tap("提交")
    await phone.says("已保存在手机上")
    await phone.tap("回首页")
    await shoot(phone, photo("olive"), photo("navy"))
    await write(phone, "第二条：井盖松动")
    await phone.kill_and_reopen(offline=True)
    await phone.says("还没有送达（2）")
    await phone.tap("草稿：第二条：井盖松动")
    assert await phone.seen(phone.page.locator("textarea")).input_value() == "第二条：井盖松动"
    await phone.tap("提交")
    await phone.says("已保存在手机上")
    await phone.kill_and_reopen(offline=True)
    await phone.says("还没有送达（2）")

    await phone.find_network()
    found = await until(lambda: _when(2))
    # Times are kept to the minute: two of one minute have no order.
    assert sorted(one.text for one in found) == ["第一条：路灯不亮", "第二条：井盖松动"]
    assert await Observation.all().count() == 2
    assert await hues(office) == {"teal", "olive", "navy"}
    await phone.page.get_by_text("还没有送达").wait_for(state="detached")


async def test_an_answer_that_got_lost_and_a_photo_cut_in_the_middle_cost_nothing_twice(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    phone.line.deaf_to = 1  # the text arrives, the answer does not
    await shoot(phone, photo("teal"), photo("navy"))
    await write(phone, "信号很差的地方")
    await phone.tap("提交")
    await phone.says("已保存在手机上")
    await until(lambda: everything(ObservationState.WAITING_MEDIA))
    phone.line.cut_photos = 1  # half of the first photo, then silence
    await phone.tap("现在再试一次")
    await phone.says(
        "文字已收到，照片还没有传完。请让小程序开着，信号恢复后会自动发送；切走或关掉就暂停，下次打开时接着发。"
    )
    await phone.says("2张照片中0张已送达")
    await phone.tap("现在再试一次")
    await phone.says("查看办理进度")
    assert len(await everything()) == 1
    puts = [asked for asked in phone.line.asked if asked.startswith("PUT /api/v1/observations/")]
    assert len(puts) == 1
    assert sum("/photos/" in asked for asked in phone.line.asked) == 3


async def test_a_refused_photo_is_told_and_the_report_goes_without_it_and_without_a_place(handset, office):
    phone = await handset("老马", at=None)
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"), {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    await phone.says("没有位置也可以提交")
    await write(phone, "有一张不是照片")
    await phone.tap("提交")
    await phone.tap("修改后再提交")
    await phone.tap("去掉第2张照片")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    [kept] = await everything()
    assert (kept.version, kept.latitude) == (2, None)


async def test_a_limit_is_told_with_what_is_left_and_nothing_is_lost(handset, office):
    phone = await handset("新人", Role.CITIZEN)
    await phone.says("新人，您好")
    for number in range(6):
        await shoot(phone, photo((number * 40, 90, 90)))
        await write(phone, f"第{number + 1}条")
        await phone.tap("提交")
        if number < 5:
            await phone.says("查看办理进度")
            await phone.tap("回首页")
    await phone.says("您今天已上报5条")
    await phone.tap("回首页")
    await phone.says("还没有送达（1）")


async def _when(count):
    found = await everything()
    return found if len(found) == count else None


async def test_sub_01_a_report_in_words_alone_under_the_category_that_the_words_propose(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await phone.tap("先写文字，稍后拍照")
    await phone.tap("同意", exact=True)  # to be located
    await write(phone, "办事大厅只开两个窗口，排队一小时")
    await phone.says("还差一张照片")
    await phone.tap("可能是：政务服务")
    await phone.says("请写清哪个窗口、办什么事")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    [kept] = await everything()
    assert (kept.category, kept.body["photos"]) == ("service", [])
