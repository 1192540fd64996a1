"""The person's own account on the phone: messages, joining by a code, what the office holds, and leaving."""

from datetime import timedelta

from models import Consent, Identity, Person, ReportMessage
from models.vocabulary import Role
from server import people
from server.people import identities, leaving
from tests.conftest import a_report, until
from tests.miniprogram.test_reporting import photo


async def api_of(office, name):
    """Return the same person at the plain API."""
    phone = office.phone()
    await phone.sign_in(f"demo-{name}")
    return phone


async def test_a_citizen_joins_by_a_scanned_code_and_keeps_what_was_reported(office, handset):
    lead = await office.enrol("罗主任", Role.OFFICE_LEAD)
    member = await office.enrol("老周", Role.TEAM_MEMBER)
    code = await people.invite(member, by=lead, now=office.watch.now())
    plain = await api_of(office, "路人")
    await plain.submit(a_report(text="路灯不亮"))

    phone = await handset("路人", None, hooks={"scanned": f"https://office.example/join?code={code}"})
    await phone.tap("我的", role="tab", exact=True)
    await phone.tap("凭邀请码加入")
    await phone.write("邀请码", "WRONG-CODE")
    await phone.tap("加入")
    await phone.says("邀请码无效或已过期。")
    await phone.tap("扫邀请码")
    await phone.says("已加入，老周")
    await phone.tap("开始使用")
    await phone.says("老周，您好")
    await phone.tap("我的上报", role="tab")
    await phone.says("路灯不亮")


async def test_messages_are_read_one_by_one_and_all_at_once(office, handset):
    phone = await handset("老马")
    reporter = await api_of(office, "老马")
    for text in ("第一件", "第二件", "第三件"):
        await reporter.submit(a_report(text=text))

    async def told():
        return await ReportMessage.all().count() == 3

    await until(told)
    await phone.tap("消息", role="tab")
    await phone.says("3条未读，全部标为已读")
    await phone.tap("未读：已收到您的上报")
    await phone.says("第三件")
    await phone.tap("返回")
    await phone.says("2条未读，全部标为已读")
    await phone.tap("2条未读，全部标为已读")
    await phone.gone("条未读")

    async def all_are_read():
        return (await reporter.get("/me")).json()["unread"] == 0

    await until(all_are_read)


async def test_one_sees_exports_and_withdraws_what_the_office_holds(office, handset):
    phone = await handset("路人", None)
    reporter = await api_of(office, "路人")
    await reporter.submit(a_report(text="路灯不亮"))
    await phone.tap("我的", role="tab", exact=True)
    await phone.tap("我的数据")
    await phone.says("1份")
    await phone.tap("导出我的数据")
    await phone.says("已导出，文件名“我的数据”")
    await phone.tap("撤回同意并注销")
    await phone.tap("注销", exact=True)
    await phone.says("您已撤回同意并申请注销")
    [leaver] = await leaving.leaving_by(office.watch.now() + timedelta(days=8))
    await phone.tap("取消注销")
    await phone.gone("您已撤回同意并申请注销")
    await until(lambda: Person.exists(id=leaver.id, leaves_at=None))
    assert await Consent.all().count() == 0


async def test_nickname_face_and_large_letters_are_ones_own_choice(handset):
    phone = await handset("老马")
    await phone.tap("我的", role="tab", exact=True)
    await phone.tap("大字", role="radio")
    await phone.page.locator(".page.elder").filter(visible=True).wait_for()
    await phone.tap("我的资料")
    await phone.write("昵称", "老马识途")
    await phone.tap("保存昵称")
    await phone.says("昵称已保存。")
    await phone.choose("换头像", photo("teal"))
    await phone.says("头像已换。")
    face = phone.seen(phone.page.get_by_label("换头像")).locator("img")
    await until(lambda: face.evaluate("(one) => one.naturalWidth > 0"))
    await phone.tap("返回")
    await phone.says("老马识途")
    async with identities.opened():
        assert (await Identity.get(person_id=phone.person.id)).avatar_sealed
