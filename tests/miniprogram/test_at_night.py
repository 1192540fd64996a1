"""The office's phone at night: three reports are decided with big buttons, and one decision is undone."""

from datetime import timedelta
from uuid import uuid4

from models import LedgerItem, Observation, Reason
from models.vocabulary import LedgerState, ObservationState, Role
from tests.conftest import a_picture, a_report, until

TEXTS = ("北京路路口坑槽一周未修", "南薰路有一处路灯不亮", "小区门口早餐摊占道")


async def test_three_reports_are_decided_by_big_buttons(office, handset):
    await Reason.filter(code="unclear_place").update(label="位置不清楚")
    await Reason.filter(code="not_reform").update(label="不属于改革督察的内容")
    laoma = await office.phone_of("老马")
    for text in TEXTS:
        await laoma.submit(a_report(a_picture("grey"), text=text), uuid4())
        office.watch.ahead += timedelta(seconds=1)  # within one second, any may come first
    await laoma.upload(a_picture("grey"))

    chen = await handset("小陈", Role.OFFICE_STAFF, hooks={"subscribe": "accept"})
    await chen.tap("待办", role="tab")
    await chen.says("有3件等您处理。")
    await chen.tap("待审核的上报，3件")
    await chen.tap("从第一件开始审核")
    await chen.says(TEXTS[0])
    await until(lambda: Observation.exists(text=TEXTS[0], claimed_by_id=chen.person.id))
    await chen.tap("受理挂号")
    await chen.says("请选择承办单位，或关掉“同时分办”")
    await chen.pick("承办单位", "市住房城乡建设局")
    await chen.tap("挂号并分办")
    await chen.says("撤销受理（60秒内）")
    item = await LedgerItem.get(title=TEXTS[0])
    assert (item.state, item.lead_unit_id) == (LedgerState.DISPATCHED, office.bureau.id)

    await chen.tap("看下一件")
    await chen.says(TEXTS[1])
    await chen.tap("请补充")
    await chen.tap("位置不清楚", role="radio")
    await chen.write("补一句话", "请写清是哪一盏")
    await chen.tap("请上报人补充")
    await chen.says("改革办：")

    await chen.tap("看下一件")
    await chen.says(TEXTS[2])
    await chen.tap("不采纳")
    await chen.tap("不属于改革督察的内容", role="radio")
    await chen.tap("不采纳，答复上报人")
    await chen.says("未采纳")
    states = {one.text: one.state for one in await Observation.all()}
    wanted = (ObservationState.REGISTERED, ObservationState.MORE_ASKED, ObservationState.DECLINED)
    assert states == dict(zip(TEXTS, wanted, strict=True))
    await chen.tap("看下一件")
    await chen.says("都审完了。")


async def test_what_a_colleague_has_in_hand_is_looked_at_and_not_decided(office, handset):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(text=TEXTS[0]), uuid4())
    found = await Observation.get(text=TEXTS[0])
    gao = await office.phone_of("小高", Role.OFFICE_STAFF)
    await gao.put(f"/reviews/{found.id}/claim")
    chen = await handset("小陈", Role.OFFICE_STAFF)
    await chen.tap("待办", role="tab")
    await chen.tap("待审核的上报，1件")
    await chen.tap(TEXTS[0])
    await chen.says("小高正在审核这一条，请先看下一件。")
    assert await chen.page.get_by_role("button", name="受理挂号").count() == 0
