"""Every screen for working on items: large enough to touch, nothing too wide, in light, dark and elder mode."""

from uuid import uuid4

import pytest

from models import ChecklistQuestion, InboxMessage, Observation
from models.vocabulary import Role
from server import cases, ledger, problems
from server.cases import NewCase
from server.kernel.clock import business_date
from server.problems import NewProblem
from tests.acting import act
from tests.conftest import a_report, until
from tests.factories import dispatched_item
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_messages import sent_on_a_mission

MODES = [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)]
SCREENS = {
    "list": ("/packages/ledger/pages/list/list", "共1件"),
    "item": ("/packages/ledger/pages/item/item?id={item}", "办理过程"),
    "progress": ("/packages/ledger/pages/deed/deed?id={item}&deed=report_progress", "完成了多少"),
    "close-out": ("/packages/ledger/pages/deed/deed?id={item}&deed=request_close_out", "整改后照片（必须）"),
    "extension": ("/packages/ledger/pages/deed/deed?id={item}&deed=ask_extension", "延期到"),
    "case": ("/packages/ledger/pages/case/case?id={case}", "改革办会用自己的话转告上报人。"),
    "problem": ("/packages/ledger/pages/problem/problem?id={problem}", "归集入库"),
    "message": ("/packages/account/pages/message/message?id={message}", "接下来"),
    "refused": ("/packages/ledger/pages/item/item?id={message}", "返回上一页"),
    "profile": ("/packages/account/pages/profile/profile", "加入时间"),
    "data": ("/packages/account/pages/data/data", "导出我的数据"),
    "about": ("/packages/account/pages/about/about", "怎么保护您"),
    "join": ("/packages/account/pages/join/join", "扫邀请码"),
}
MEMBER = {
    "missions": ("/packages/team/pages/missions/missions", "已完成0/2"),
    "mission": ("/packages/team/pages/mission/mission?id={mission}", "叫号机能用"),
    "answer": ("/packages/team/pages/answer/answer?mission={mission}&question={question}", "不同意"),
}
OFFICE = {
    "queue": ("/packages/review/pages/queue/queue", "共1件"),
    "report": ("/packages/review/pages/report/report?id={report}", "受理挂号"),
    "accept": ("/packages/review/pages/accept/accept?id={report}", "同时分办"),
    "ask": (
        "/packages/review/pages/reply/reply?id={report}&how=questions",
        "补一句话（可不填，上报人会看到）",
    ),
    "decide": ("/packages/ledger/pages/deed/deed?id={item}&deed=close_out", "写明原因，单位继续办理。"),
}


async def an_item(office):
    """An item in progress at the bureau."""
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await office.enrol("老王", Role.COMMISSIONER, organisation=office.bureau)
    by, at_work, now = await office.actor(chen), await office.actor(wang), office.watch.now()
    item = await dispatched_item(
        office,
        by=by,
        title="北京路与民族街口非机动车道坑槽积水，沿街商户和学生绕行，请市住建局会同城管局尽快处理",
        new={"place_name": "北京路与民族街口西南角公交站旁非机动车道（市民大厅一楼东侧出口对面）"},
        now=now,
        days=10,
    )
    return await act(ledger.acknowledge, item.id, version=item.version, by=at_work, now=now)


async def look_through(phone, screens, *, mode, **ids):
    for name, (path, words) in screens.items():
        await phone.turn_to(path.format(**ids))
        await phone.says(words)
        await look(phone, f"{mode}-{name}")


async def told(office, item, contact):
    """What the unit is told about the item, a problem of its bank, and messages with very long words."""
    chen, now = await office.actor(await office.enrol("小高", Role.OFFICE_STAFF)), office.watch.now()
    summary = "该处路面破损积水，" * 12
    case = await cases.open_case(
        item.id, new=NewCase(summary, business_date(now)), by=chen, now=now, narrow_because="此处只有一户"
    )
    await cases.release_batch(business_date(now))
    by = await office.actor(contact)
    problem = await problems.take_in(NewProblem("跨部门审批材料重复提交，企业要跑五个窗口"), by=by, now=now)
    await until(lambda: InboxMessage.exists(person=contact))
    message = await InboxMessage.create(
        person=contact,
        entry_id=0,
        title="您接手了新的工作，请先看期限最近的几件",
        body="兴庆区住房城乡建设和交通局李联络员把3件台账事项（改-2026-0001、改-2026-0002、改-2026-0003）交接给您。"
        * 3,
        subject_kind="person",
        subject_id=contact.id,
        created_at=now,
    )
    return {"case": case.id, "problem": problem.id, "message": message.id}


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_every_screen_of_a_unit_and_of_the_office(office, handset, mode, width, scheme, font):
    item = await an_item(office)
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(text="南薰路有一处路灯不亮，夜里看不清路。"), uuid4())
    report = await Observation.get(text__startswith="南薰路")
    how = {"width": width, "scheme": scheme, "hooks": {"fontSizeSetting": font}}
    contact = await handset("小李", Role.DEPARTMENT_CONTACT, organisation=office.bureau, **how)
    await contact.tap("消息", role="tab")
    await contact.says("没有消息。")
    await look(contact, f"{mode}-no-messages")
    ids = await told(office, item, contact.person)
    await contact.tap("待办", role="tab")
    await contact.says("您有1件待办")
    await look(contact, f"{mode}-to-do")
    await contact.tap("消息", role="tab")
    await contact.says("条未读，全部标为已读")
    await look(contact, f"{mode}-inbox")
    await contact.tap("我的", role="tab", exact=True)
    await contact.says("字的大小")
    await look(contact, f"{mode}-me")
    await look_through(contact, SCREENS, mode=mode, item=item.id, **ids)
    member = await handset("老周", Role.TEAM_MEMBER, **how)
    mission = await sent_on_a_mission(office, member.person)
    question = await ChecklistQuestion.get(stop__mission_id=mission.id, text="叫号机能用")
    await look_through(member, MEMBER, mode=mode, mission=mission.id, question=question.id)
    await member.tap("同意", exact=True)
    await member.gone("不同意")
    await look(member, f"{mode}-answer-open")
    chen = await handset("小陈", Role.OFFICE_STAFF, **how)
    await chen.tap("待办", role="tab")
    await chen.says("等您处理")
    await look(chen, f"{mode}-office-to-do")
    await look_through(chen, OFFICE, mode=mode, item=item.id, report=report.id)
