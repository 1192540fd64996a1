"""Letters in a real browser: red items become twenty signed letters, and a unit answers one at its desk."""

import os
from pathlib import Path
from time import monotonic

import pytest

from models import Letter, Photo
from models.vocabulary import LetterState as S
from models.vocabulary import Role
from server.letters.answering import SUBJECT
from tests.conftest import until
from tests.miniprogram.test_working_on_items import a_shot
from tests.server.letters.conftest import Desk

SHOTS = os.environ.get("SHOTS")


async def shoot(window, name):
    if SHOTS:
        await window.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
async def desk(office):
    return await Desk(office).open()


async def shown(window):
    """Return whether both photos of the reply are shown, rendered, on the letter's page."""
    await window.page.reload()
    return await window.page.get_by_alt_text("反馈的照片").count() == 2


class Hand:
    """A practised hand at a mouse: every click goes to the page, and is counted with the time that people need.

    1.3 seconds a click is the keystroke-level model's pointing (1.1) and pressing (0.2).
    """

    A_CLICK = 1.3

    def __init__(self, page):
        self.page, self.clicks, self.began = page, 0, monotonic()

    async def click(self, name, role="button"):
        self.clicks += 1
        await self.page.get_by_role(role, name=name).click()

    async def tick_all(self, boxes):
        for box in await boxes.all():
            self.clicks += 1
            await box.check()

    @property
    def seconds(self):
        """What a person needs for it: the waiting as it was here, and the movements."""
        return monotonic() - self.began + self.clicks * self.A_CLICK


async def test_red_items_become_twenty_signed_letters_within_two_minutes(office, window, desk):
    for number in range(19):
        await desk.late_item(title=f"第{number + 1}处坑槽")
    chen, luo = await office.desk_of("小陈"), await office.desk_of("严主任", Role.OFFICE_LEAD)
    async with window(chen) as one:
        await one.open("/console/letters")
        drafting = Hand(one.page)
        await drafting.click("督办提议", role="link")
        await one.says("20/20件已选")
        await shoot(one, "proposals")
        await drafting.click("起草选中的函件")
        await one.says("0/20份已核对")
        assert await one.page.get_by_role("button", name="送签勾选的函件").is_disabled()
        await drafting.tick_all(one.page.get_by_role("checkbox", name="已核对"))
        await one.says("20/20份已核对")
        assert await one.page.locator("progress").evaluate("(bar) => bar.value / bar.max") == 1
        await shoot(one, "checked")
        await drafting.click("送签勾选的函件")
        await one.says("没有草稿。")
        at_the_desk = drafting.seconds
    async with window(luo, scheme="dark") as other:
        await other.open("/console/letters")
        signing = Hand(other.page)
        await signing.click("成批签发", role="link")
        boxes = other.page.locator("input[data-read]")
        await other.says("0/20份已阅")
        assert await boxes.count() == 20
        await boxes.nth(0).check()
        await other.says("1/20份已阅")
        assert await other.page.locator("progress").evaluate("(bar) => bar.value / bar.max") == 0.05
        await signing.tick_all(boxes)
        await shoot(other, "signing-dark")
        await signing.click("签发勾选的函件")
        await other.says("已签发20份。")
        by_the_lead = signing.seconds
        assert await Letter.filter(state=S.DELIVERED).count() == 20
        print(f"20 letters: {at_the_desk:.0f} s at the desk, {by_the_lead:.0f} s to sign")
        assert at_the_desk + by_the_lead < 120
        await other.page.get_by_role("link", name="改提〔2026〕20号").click()
        await until(
            lambda: other.page.locator("img.paper").evaluate("(one) => one.naturalWidth > 0"), seconds=40
        )
        await shoot(other, "letter-dark")
        await other.open("/console/letters/register?kind=reminder_letter")
        await other.says("共20份，文号连续，没有缺号。")
        await shoot(other, "register-dark")


async def test_a_unit_signs_for_and_answers_a_letter_at_its_desk_and_the_office_decides(office, window, desk):
    letter = await desk.signed()
    contact = await office.desk_of("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    async with window(contact, width=430, height=900) as unit:
        await unit.open("/console/letters?todo=letters_to_receive")
        await unit.page.get_by_role("link", name=letter.title).click()
        await unit.page.get_by_role("button", name="签收").click()
        await unit.says("李联络员")
        await unit.page.get_by_label("办理情况、存在的困难和下一步安排").fill("已清淤。")
        broken = {"name": "坏文件.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
        unit.expected = "422"  # the browser notes the refused file
        await unit.page.get_by_label("照片").set_input_files([a_shot("green"), broken, a_shot("blue")])
        await unit.says("坏文件.jpg：这个文件不是可以接收的照片")
        await unit.page.locator("[data-arrived] li").nth(1).wait_for()
        await shoot(unit, "unit-narrow")
        await unit.page.get_by_role("button", name="提交反馈").click()
        await unit.says("已反馈")
        await until(lambda: Photo.filter(subject_kind=SUBJECT).count())
        assert await Photo.filter(subject_kind=SUBJECT).count() == 2
        await until(lambda: shown(unit))
    async with window(await office.desk_of("小高")) as chen:
        await chen.open(f"/console/letters/{letter.id}")
        await chen.page.get_by_text("退回反馈").click()
        await chen.page.get_by_label("哪里不够").fill("请补照片。")
        await chen.page.get_by_role("button", name="退回，重新反馈").click()
        await chen.says("退回：请补照片。")
        assert (await Letter.get(id=letter.id)).state is S.ACKNOWLEDGED
        await chen.page.locator("summary", has_text="作废").click()
        await chen.page.get_by_label("理由").fill("主送单位有误")
        await chen.page.get_by_role("button", name="作废").click()
        await chen.says("主送单位有误")
        await shoot(chen, "voided")


async def test_a_supervision_letter_is_drafted_from_an_item_with_a_reason_and_worded_anew(
    office, window, desk
):
    async with window(await office.desk_of("小高")) as chen:
        await chen.open(f"/console/ledger/{desk.item.id}")
        await chen.page.get_by_text("起草督办函").first.click()
        await chen.page.get_by_label("还没有发过上一级的函件，请写明为什么直接发督办函").fill("群众反映强烈")
        await shoot(chen, "item-letters")
        await chen.page.get_by_role("button", name="起草督办函").click()
        await chen.says("越级理由：群众反映强烈")
        await chen.page.get_by_text("修改文字").click()
        await chen.page.get_by_label("附件").fill("问题清单\n整改时限表")
        await chen.page.get_by_role("button", name="保存").click()
        await until(lambda: Letter.filter(annexes="问题清单\n整改时限表").exists())
        await chen.page.get_by_role("button", name="送签").click()
        await chen.says("待签发")
