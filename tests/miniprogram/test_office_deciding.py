"""The office at night: it dispatches, refuses and grants a later deadline, retains and resumes, all on the phone."""

from datetime import timedelta

from models import Extension, LedgerItem
from models.vocabulary import LedgerState, RequestState, Role
from server import ledger
from server.kernel.clock import business_date
from tests.acting import act
from tests.factories import registered_item
from tests.miniprogram.test_looks import look


async def test_the_office_dispatches_decides_retains_and_resumes(office, handset):
    wang = await office.actor(await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau))
    night = await handset("小陈", Role.OFFICE_STAFF)
    now = office.watch.now()
    item = await registered_item(office, by=night, title="北京路路口坑槽", now=now)

    async def fresh():
        return await LedgerItem.get(id=item.id)

    async def asks(days):
        until_on = business_date(now) + timedelta(days=days)
        version = (await fresh()).version
        await act(
            ledger.ask_extension,
            item.id,
            version=version,
            until_on=until_on,
            reason="连续降雨",
            by=wang,
            now=now,
        )
        await night.visit(f"/packages/ledger/pages/item/item?id={item.id}")
        await night.says("连续降雨")
        await night.tap("审核延期")
        return until_on

    await night.visit("/packages/ledger/pages/list/list?state=registered")
    await night.tap("北京路路口坑槽")
    await night.tap("分办")
    await night.pick("承办单位", "市住房城乡建设局")
    await night.pick("办理期限", "5个工作日")
    await night.tap("分办", exact=True)
    await night.says("已分办")
    dispatched = await fresh()
    assert (dispatched.state, dispatched.lead_unit_id) == (LedgerState.DISPATCHED, office.bureau.id)
    await act(ledger.acknowledge, item.id, version=dispatched.version, by=wang, now=now)

    await asks(30)
    await night.tap("退回", role="radio")
    await night.says("退回要写明原因")
    await night.write("给单位的话", "请先说明排水方案")
    await look(night, "decide-extension")
    await night.tap("提交审核结果")
    await night.says("不同意延期：请先说明排水方案")
    until_on = await asks(40)
    await night.tap("同意", role="radio")
    await night.tap("提交审核结果")
    await night.says("同意延期至")
    states = await Extension.all().order_by("asked_at").values_list("state", flat=True)
    assert ((await fresh()).due_on, states) == (until_on, [RequestState.REFUSED, RequestState.GRANTED])

    await night.tap("留号")
    await night.tap("到哪天复核")
    await night.page.get_by_label("选择器").fill("2099-06-01")
    await night.tap("确定")
    await night.write("为什么留号", "要等明年的规划")
    await night.tap("留号")
    await night.says("留号原因")
    assert (await fresh()).state is LedgerState.RETAINED
    await night.tap("恢复办理")
    await night.write("为什么恢复", "规划已批复")
    await night.tap("恢复办理")
    await night.says("恢复办理：规划已批复")
    assert (await fresh()).state is LedgerState.IN_PROGRESS


async def test_an_item_that_came_back_keeps_its_deadline_when_it_is_dispatched_again(office, handset):
    night = await handset("小陈", Role.OFFICE_STAFF)
    now = office.watch.now()
    late = {"due_on": business_date(now) - timedelta(days=3), "due_words": "原定期限"}
    item = await registered_item(office, by=night, title="北京路路口坑槽", **late)

    await night.visit("/packages/ledger/pages/list/list?state=registered")
    await night.tap("北京路路口坑槽")
    await night.tap("分办")
    await night.says("沿用原来的期限：原定期限。")
    await night.pick("承办单位", "市住房城乡建设局")
    await night.tap("分办", exact=True)
    await night.says("已分办")
    found = await LedgerItem.get(id=item.id)
    assert (found.state, found.due_on) == (LedgerState.DISPATCHED, late["due_on"])
