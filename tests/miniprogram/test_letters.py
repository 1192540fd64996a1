"""A letter on the phones: signed by the lead after reading, acknowledged in two taps, replied to with a photo."""

import pytest

from models import Letter, LetterReply, Photo
from models.vocabulary import LetterState as S
from models.vocabulary import Role
from server.letters.answering import SUBJECT
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_working_on_items import a_shot
from tests.server.letters.conftest import Desk

MODES = [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)]


async def papers_are_shown(phone):
    """Wait until the picture of the first page is there."""
    paper = phone.seen(phone.page.get_by_label("第1页，点开放大")).locator("img")
    await until(lambda: paper.evaluate("(one) => one.naturalWidth > 0"), seconds=40)


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_a_letter_is_signed_received_and_answered_on_phones(office, handset, mode, width, scheme, font):
    desk = await Desk(office).open()
    letter = await desk.submitted()
    how = {"width": width, "scheme": scheme, "hooks": {"fontSizeSetting": font}}
    lead = await handset("严主任", Role.OFFICE_LEAD, **how)
    await lead.tap("待办", role="tab")
    await lead.tap("待签发的函件，1件")
    await lead.tap("提醒函，关于加快办理督察事项的提醒函，待签发")
    await papers_are_shown(lead)
    await look(lead, f"{mode}-letter-to-sign")
    await lead.tap("签发", exact=True)
    await lead.says("已签发，文号已生成并送达。")
    letter = await Letter.get(id=letter.id)
    assert (letter.state, letter.issued_by_id) == (S.DELIVERED, lead.person.id)

    contact = await handset("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau, **how)
    await contact.tap("待办", role="tab")
    await contact.tap("待签收的函件，1件")
    await look(contact, f"{mode}-letters")
    await contact.tap("提醒函，关于加快办理督察事项的提醒函，待签收")
    await papers_are_shown(contact)
    await contact.tap("签收", exact=True)
    await contact.says("已签收。")
    assert (await Letter.get(id=letter.id)).received_by_id == contact.person.id
    await look(contact, f"{mode}-letter-received")

    await contact.tap("填写反馈")
    await contact.write("办理情况、存在的困难和下一步安排", "已清淤，本周内完成修补。")
    await contact.tap("添加照片")
    async with contact.page.expect_file_chooser() as chooser:
        await contact.tap("同意", exact=True)
    await (await chooser.value).set_files([a_shot("green")])
    await contact.seen(contact.page.get_by_label("第1张照片")).wait_for()
    await look(contact, f"{mode}-letter-reply")
    await contact.tap("提交反馈")
    await contact.says("等待改革办审核")
    assert (await LetterReply.get()).text == "已清淤，本周内完成修补。"
    await until(Photo.filter(subject_kind=SUBJECT).exists)

    await lead.visit(f"/packages/letters/pages/letter/letter?id={letter.id}")
    await lead.tap("审核反馈")
    await lead.tap("退回", role="radio")
    await lead.write("给单位的话", "请补整改后的全景照片。")
    await look(lead, f"{mode}-letter-decide")
    await lead.tap("提交审核结果")
    await lead.says("已退回：请补整改后的全景照片。")
    assert (await Letter.get(id=letter.id)).state is S.ACKNOWLEDGED


async def test_a_reply_without_a_network_lies_on_the_phone_and_is_sent_once(office, handset):
    desk = await Desk(office).open()
    letter = await desk.acknowledge(await desk.signed())
    wang = await handset("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await wang.visit(f"/packages/letters/pages/letter/letter?id={letter.id}")
    await wang.tap("填写反馈")
    await wang.write("办理情况、存在的困难和下一步安排", "正在修补。")
    await wang.lose_network()
    await wang.tap("提交反馈")
    await wang.says("内容已保存在手机上，有信号时可以继续。")
    await wang.tap("知道了")
    await wang.kill_and_reopen(offline=True)
    await wang.find_network()
    await wang.visit(f"/packages/letters/pages/answer/answer?id={letter.id}&step=reply")
    await wang.tap("提交反馈")
    await until(LetterReply.exists)
    assert (await LetterReply.get()).text == "正在修补。"
