"""Working on items from a phone: a commissioner acknowledges, reports and closes out; the office approves at night."""

from models import GiveBack, LedgerItem, Photo, Reason, SubscriptionQuota
from models.vocabulary import LedgerState, ReasonUse, Role
from server.ledger import closing
from tests.conftest import a_picture, until
from tests.factories import dispatched_item
from tests.miniprogram.test_looks import look

NOT_OURS = "按职责分工，这件事不归本单位办理，请改革办重新确定承办单位。"


def a_shot(colour):
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": a_picture(colour)}


async def dispatched(office, chen, *, days=10):
    """An item that the office dispatched to the bureau."""
    by, now = await office.actor(chen), office.watch.now()
    return await dispatched_item(
        office, by=by, title="北京路路口坑槽", new={"place_name": "北京路与民族街口"}, now=now, days=days
    )


async def test_a_commissioner_closes_out_and_the_office_approves_on_the_phone(office, handset):
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    asked = {"subscribe": None}  # may the office send a message?
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau, hooks=asked)
    item = await dispatched(office, chen)

    await wang.tap("待办", role="tab")
    await wang.says("您有1件待办：1件待签收")
    await wang.tap("北京路路口坑槽")
    await wang.tap("签收")
    await wang.tap("允许")
    await wang.says("办理中")

    async def is_counted():
        return await SubscriptionQuota.filter(person=wang.person, credits=1).count() == 2

    await until(is_counted)  # the answer is sent to the server alongside the action

    await wang.tap("填报进展")
    await wang.tap("50%", role="radio")
    await wang.write("做了什么", "已进场铣刨")
    await wang.tap("填报进展")
    await wang.tap("拒绝")
    await wang.says("填报进展50%")

    await wang.says("申请销号要附：整改后照片。")
    await wang.tap("申请销号")
    await wang.write("怎么解决的", "已摊铺压实")
    await wang.says("还缺：整改后照片")
    await wang.tap("添加照片")
    async with wang.page.expect_file_chooser() as chooser:
        await wang.seen(wang.page.get_by_role("button", name="同意", exact=True)).tap()
    await (await chooser.value).set_files([a_shot("green")])
    await wang.seen(wang.page.get_by_label("第1张照片")).wait_for()
    wang.line.cut_photos = 1
    await wang.tap("申请销号")
    await wang.says("销号审核中")
    assert await Photo.all().count() == 0
    await wang.tap("返回")
    await wang.says("另有1件等改革办审核销号。")
    await until(Photo.filter(subject_kind=closing.SUBJECT).exists)

    night = await handset("小陈", Role.OFFICE_STAFF)
    await night.tap("待办", role="tab")
    await night.tap("待我审核的销号，1件")
    await night.tap("北京路路口坑槽")
    await night.says("已摊铺压实")
    await night.tap("审核销号")
    await night.tap("同意", role="radio")
    await night.tap("提交审核结果")
    await night.says("已销号")
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.CLOSED


async def test_a_commissioner_gives_one_back_and_asks_for_retention_and_the_office_agrees(office, handset):
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    await Reason.create(code="not_ours", use=ReasonUse.GIVE_BACK, label="不属于本单位职责", text=NOT_OURS)
    other, item = await dispatched(office, chen), await dispatched(office, chen)
    await wang.visit(f"/packages/ledger/pages/item/item?id={other.id}")
    await wang.tap("退回改革办")
    await wang.says("请选一条退回理由")
    await wang.tap("不属于本单位职责", role="radio")
    await wang.write("补充说明（可不填）", "应由交通局承办")
    await look(wang, "light-give-back")
    await wang.tap("退回改革办")
    await until(GiveBack.filter(item_id=other.id, label="不属于本单位职责").exists)

    await wang.visit(f"/packages/ledger/pages/item/item?id={item.id}")
    await wang.tap("签收")
    await wang.tap("申请留号")
    await wang.says("请选择日期")
    await wang.tap("到哪天复核")
    await wang.page.get_by_label("选择器").fill("2099-06-01")
    await wang.tap("确定")
    await wang.write("为什么要长期办理", "要等明年的规划")
    await wang.tap("申请留号")
    await wang.says("单位申请留号，6月1日（周一）复核")

    night = await handset("小陈", Role.OFFICE_STAFF)
    await night.visit(f"/packages/ledger/pages/item/item?id={item.id}")
    await night.tap("审核留号")
    await night.says("编号保留，6月1日（周一）复核。")
    await night.tap("同意", role="radio")
    await night.tap("提交审核结果")
    await night.says("留号原因")
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.RETAINED
