"""What phones do and browsers don't: files under wxfile://, smaller pictures, a private clipboard, five seconds."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import TimeoutError, expect

from models import LedgerItem, Photo, Rendition
from models.vocabulary import ObservationState, Role
from server import ledger
from server.kernel.clock import business_date
from server.trial.preview.building import build
from tests.acting import act
from tests.conftest import a_picture, sha256, until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_planted_faults import copy, plant
from tests.miniprogram.test_reporting import everything, photo, shoot, write
from tests.miniprogram.test_working_on_items import dispatched

__all__ = ["copy"]
DEED = "/packages/ledger/pages/deed/deed?id={}&deed=request_close_out"
STRIP = "components/photo-strip/photo-strip.ts"
PREVIEW = "const urls = (this.data.photos as StripPhoto[]).map((one) => one.src).filter(Boolean)"
THROUGH_THE_WEB = PREVIEW.replace("one.src)", "'http://' + one.src.slice(9))")
PHOTO = "第1张照片"


@pytest.fixture
def built(request, built, copy, tmp_path):
    """The mini-program as it is, or with the faults that a test plants."""
    faults = getattr(request, "param", ())
    if not faults:
        return built
    for file, sound, faulty in faults:
        plant(copy / file, sound, faulty)
    build(tmp_path / "faulty", source=copy)
    return tmp_path / "faulty"


async def look_at(phone, name):
    """Tap a picture, and see it enlarged."""
    await phone.seen(phone.page.get_by_label(name, exact=True)).tap()
    large = phone.page.get_by_alt_text("大图")
    await large.wait_for()
    await expect(large).to_have_js_property("complete", True)
    assert await large.evaluate("(picture) => picture.naturalWidth") > 0
    await large.tap()


async def takes_note(phone, words):
    """Wait until the harness has recorded a planted fault with these words, and forgive it."""
    await phone.page.wait_for_function(
        "(words) => globalThis.__mp.errors.some((one) => one.includes(words))", arg=words
    )
    await phone.page.evaluate("globalThis.__mp.errors.length = 0")
    phone.faults.clear()


async def test_a_photo_opens_large_from_the_draft_from_evidence_and_from_the_office(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await look_at(phone, PHOTO)
    await write(phone, "路口有两个坑")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    office.start_working()
    await until(Rendition.all().count)
    await phone.tap("查看办理进度")
    await look_at(phone, PHOTO)

    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    item = await dispatched(office, chen)
    by = await office.actor(wang.person)
    await act(ledger.acknowledge, item.id, version=item.version, by=by, now=office.watch.now())
    await wang.visit(DEED.format(item.id))
    async with wang.page.expect_file_chooser() as chooser:
        await wang.tap("添加照片")
        await wang.tap("同意", exact=True)
    await (await chooser.value).set_files([photo("navy")])
    await look_at(wang, PHOTO)


@pytest.mark.parametrize("built", [[(STRIP, PREVIEW, THROUGH_THE_WEB)]], indirect=True)
async def test_a_draft_shown_by_a_web_address_is_noticed(handset):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await phone.seen(phone.page.get_by_label(PHOTO, exact=True)).tap()
    await takes_note(phone, "previewImage:fail")


async def test_what_the_camera_gives_is_smaller_and_what_it_gives_is_what_arrives(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    large = a_picture("teal", size=(4000, 3000), exif=Image.Exif(), quality=100)
    await shoot(phone, {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": large})
    await write(phone, "路口有两个坑")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    [kept] = await Photo.all()
    original = await office.tools.storage.read(kept.key, seal=office.tools.keys)
    assert Image.open(BytesIO(original)).size == (1707, 1280)
    assert kept.sha256 != sha256(large)


async def test_copying_asks_once_says_so_and_a_no_leaves_the_number_to_write_down(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await write(phone, "路灯不亮")
    await phone.tap("提交")
    await phone.says("查看办理进度")
    await phone.page.evaluate("localStorage.removeItem('mp-consent:demo-老马')")  # the guideline was changed
    await phone.kill_and_reopen()
    await phone.tap("路灯不亮")
    await phone.tap("复制回执编号")
    await phone.says("复制编号前，请您同意")
    await phone.tap("不同意", exact=True)
    await phone.says("没有同意，就不能复制；编号可以记下来，或截一张图。")
    await phone.tap("知道了")
    await phone.tap("复制回执编号")
    await phone.tap("同意", exact=True)
    await phone.says("内容已复制")


async def test_a_photo_under_way_when_the_phone_is_put_aside_is_carried_on_when_it_is_back(handset, office):
    phone = await handset("老马")
    await phone.says("老马，您好")
    await shoot(phone, photo("teal"))
    await write(phone, "接了个电话")
    phone.line.photos_pass.clear()
    await phone.tap("提交")
    await until(lambda: everything(ObservationState.WAITING_MEDIA))
    await phone.page.evaluate("globalThis.__mp.hide()")
    await phone.says("文字已收到，照片还没有传完。")  # WeChat has cut it after five seconds
    assert await everything() == []
    phone.line.photos_pass.set()
    await phone.page.evaluate("globalThis.__mp.show()")
    await phone.says("查看办理进度")
    assert len(await everything()) == 1


PROGRESS = "packages/history/pages/observation/observation.wxml"
FAULTS = [  # what is planted, the test that meets it, and the words it then waits for in vain
    (
        (PROGRESS, "<privacy-popup />", ""),
        test_copying_asks_once_says_so_and_a_no_leaves_the_number_to_write_down,
        "复制编号前，请您同意",
    ),
    (
        ("app.ts", "setOpen(true)\n    carryAll()", "setOpen(true)"),
        test_a_photo_under_way_when_the_phone_is_put_aside_is_carried_on_when_it_is_back,
        "查看办理进度",
    ),
]


@pytest.mark.parametrize(
    ("built", "walk", "words"), [([fault], walk, words) for fault, walk, words in FAULTS], indirect=["built"]
)
async def test_faults_that_only_phones_have_fail_these_tests(handset, office, walk, words):
    async def impatient(name):
        phone = await handset(name)
        phone.page.set_default_timeout(12_000)
        return phone

    with pytest.raises(TimeoutError, match=words):
        await walk(impatient, office)


async def test_a_late_item_says_why_no_later_deadline_can_be_asked_and_a_long_list_is_read_on(
    handset, office
):
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    items = [await dispatched(office, chen, days=20) for _ in range(21)]
    by, now = await office.actor(wang.person), office.watch.now()
    late = await act(ledger.acknowledge, items[-1].id, version=items[-1].version, by=by, now=now)
    await LedgerItem.filter(id=late.id).update(
        due_on=business_date(now) - timedelta(days=1), title="逾期的一件"
    )
    await LedgerItem.filter(id=items[0].id).update(due_on=None, title="没有期限的一件")

    await wang.tap("待办", role="tab")
    await wang.says("您有21件待办：1件已逾期")
    await wang.gone("没有期限的一件")
    await look(wang, "to-do-long")
    await wang.tap("再看20件")
    await wang.says("没有期限的一件")
    await wang.gone("再看20件")
    await wang.tap("逾期的一件")
    await wang.says("已经过了办理期限，不能再申请延期。请尽快办理，并在进展里说明逾期原因")
    await expect(wang.page.get_by_role("button", name="申请延期")).to_have_count(0)
    await look(wang, "item-late")
