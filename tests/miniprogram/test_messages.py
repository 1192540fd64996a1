"""Every message leads somewhere: to the thing itself if phones have a page for it, otherwise to its full text."""

import ast
import re
from pathlib import Path
from uuid import uuid4

from models import ChecklistAnswer, InboxMessage, Mission, Photo
from models.vocabulary import MemberSource, MissionState, PlaceGrade, QuestionKind, Role
from server import team
from server.team import NewQuestion, NewStop, NewTraining, answering
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_reporting import photo
from tests.server.problems.conftest import Banks
from tests.server.team.conftest import HALL, Crew

ROOT = Path(__file__).parents[2]
PAGES = {  # what a message is about: the words that its page shows if the thing is missing
    "observation": "没有找到您要的内容。",
    "ledger_item": "没有找到您要的内容。",
    "case": "没有找到您要的内容。",
    "letter": "没有找到您要的内容。",
    "mission": "请到办公台“督察任务”查看检查结果，处理问题建议。",
    "site_visit": "请到办公台“观摩评议”查看。",
    "visit_result": "没有找到您要的内容。",
    "problem": "没有找到您要的内容。",
    "person": "接手的事项已在您的待办里，期限不变。",
}


def kinds_in_the_server():
    """Return what messages can be about: every `subject_kind` of the inbox, and every kind of photo subject."""
    found = set()
    texts = [path.read_text("utf-8") for path in (ROOT / "server").rglob("*.py")]
    for text in (one for one in texts if "InboxMessage(" in one or "Subject(" in one):
        for call in ast.walk(ast.parse(text)):
            name = getattr(
                getattr(call, "func", None), "id", getattr(getattr(call, "func", None), "attr", "")
            )
            for keyword in getattr(call, "keywords", []) if name in ("InboxMessage", "Subject") else []:
                if keyword.arg in ("subject_kind", "kind") and isinstance(keyword.value, ast.Constant):
                    found.add(keyword.value.value)
    return found | set(
        re.findall(r'OBSERVATION = "(\w+)"', (ROOT / "server/notifications/inbox/reading.py").read_text())
    )


def test_no_kind_of_message_is_forgotten():
    assert kinds_in_the_server() == set(PAGES)


async def a_message(person, kind, title, *, at):
    return await InboxMessage.create(
        person=person,
        entry_id=abs(hash((kind, title))) % 2**40,
        title=title,
        body="“一件事一次办”改革交接给您，期限不变。",
        subject_kind=kind,
        subject_id=uuid4(),
        created_at=at,
    )


async def test_every_message_opens_a_page_with_a_way_on(office, handset):
    phone = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    for kind in PAGES:
        await a_message(phone.person, kind, f"消息：{kind}", at=office.watch.now())
    await phone.kill_and_reopen()
    await phone.tap("消息", role="tab")
    for kind, words in PAGES.items():
        await phone.tap(f"未读：消息：{kind}")
        await phone.says(words)
        await look(phone, f"message-{kind}")
        await phone.tap("返回上一页" if words.startswith("没有找到") else "返回")
        await phone.says(f"消息：{kind}")

    await phone.lose_network()
    await phone.tap("消息：person")
    await phone.says("“一件事一次办”改革交接给您")
    await phone.tap("去看待办")
    await phone.says("现在连不上网络。")


async def sent_on_a_mission(office, person, **how):
    """Create a mission of the office on which this person is sent."""
    crew = await Crew(office).gather()
    member = await team.enlist(
        person.id, source=MemberSource.CITIZEN, organisation_id=office.root.id, by=crew.chen, now=crew.now
    )
    passed = NewTraining(subject="督察方法", held_on=crew.today, hours=8, is_passed=True)
    await team.record_training(member.id, new=passed, by=crew.chen)
    await team.certify(member.id, by=crew.chen, now=crew.now)
    return await crew.dispatched(member, **how)


async def test_a_member_goes_on_a_mission_where_there_is_no_network(office, handset):
    phone = await handset("老马", Role.TEAM_MEMBER)
    points = [NewQuestion("叫号机能用", needs_photo=True), NewQuestion("窗口开放数", QuestionKind.NUMBER)]
    stops = [NewStop("市民大厅一楼", HALL, questions=points)]
    mission = await sent_on_a_mission(office, phone.person, stops=stops)
    await until(lambda: InboxMessage.exists(person=phone.person, subject_kind="mission"))
    await phone.tap("消息", role="tab")
    await phone.tap("未读：您有一项督察任务")
    await phone.says("1．市民大厅一楼")
    await look(phone, "mission")
    await phone.tap("接受任务")
    await phone.says("点这里填写")

    await phone.lose_network()
    await phone.kill_and_reopen(offline=True)
    await phone.tap("我的", role="tab", exact=True)
    await phone.tap("督察任务")
    await phone.tap("政务大厅督察，进行中")
    await phone.says("下面是手机上存的内容。")
    await phone.tap("叫号机能用，未检查")
    await phone.says("请选择合格或不合格")
    await phone.tap("同意", exact=True)  # to the location, the first private data that is requested
    await phone.tap("不合格", role="radio", exact=True)
    await phone.says("请拍一张照片")
    await phone.write("说明", "叫号机黑屏")
    await phone.choose("添加照片", photo("navy"))
    await phone.seen(phone.page.get_by_label("第1张照片")).wait_for()
    await look(phone, "answer")
    await phone.tap("记下")
    await phone.says("不合格，叫号机黑屏")
    await phone.says("已存在手机上，打开小程序且有信号时送达")
    await look(phone, "mission-waiting")
    await phone.tap("窗口开放数，未检查")
    await phone.write("数值", "6")
    await phone.tap("记下")
    await phone.tap("叫号机能用，不合格")
    await phone.write("说明", "叫号机黑屏，已报修")
    await phone.tap("记下")
    assert await ChecklistAnswer.all().count() == 0

    await phone.find_network()

    async def is_there():
        shown = await Photo.exists(subject_kind=answering.SUBJECT)
        return shown and await ChecklistAnswer.all().count() == 2

    await until(is_there)
    given = {one.question.text: one for one in await ChecklistAnswer.all().select_related("question")}
    failed = given["叫号机能用"]
    assert (failed.passed, failed.text, failed.place_grade) == (False, "叫号机黑屏，已报修", PlaceGrade.C)
    assert given["窗口开放数"].number == 6
    await phone.turn_to(f"/packages/team/pages/mission/mission?id={mission.id}")
    await phone.write("总结", "叫号机要修，其余正常。")
    await phone.tap("完成任务")
    await phone.says("叫号机要修，其余正常。")
    assert (await Mission.get(id=mission.id)).state is MissionState.FINISHED


async def test_who_put_a_problem_before_the_commission_reads_what_it_decided(office, handset):
    banks = await Banks(office).open()
    phone = await handset("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    banks.keepers[office.bureau.code] = await office.actor(phone.person)
    await banks.decided(await banks.escalated(office.bureau))
    await until(lambda: InboxMessage.exists(person=phone.person, subject_kind="problem"))
    await phone.tap("消息", role="tab")
    await phone.tap("未读：提请的问题有了决定")
    await phone.says("由市住建局牵头打通")
    await look(phone, "problem")
    await phone.tap("查看台账事项")
    await phone.says("办理过程")
