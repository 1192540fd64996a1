"""Every screen of those who work on items: large enough to touch, nothing too wide, in light, dark and elder mode."""

from uuid import uuid4

import pytest

from models import Observation
from models.vocabulary import ObservationKind, Role
from server import ledger
from server.ledger import NewItem
from tests.conftest import a_report
from tests.miniprogram.test_looks import look

MODES = [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)]
SCREENS = {
    "list": ("/packages/ledger/pages/list/list", "共1件"),
    "item": ("/packages/ledger/pages/item/item?id={item}", "办理过程"),
    "progress": ("/packages/ledger/pages/deed/deed?id={item}&deed=report_progress", "完成了多少"),
    "close-out": ("/packages/ledger/pages/deed/deed?id={item}&deed=request_close_out", "整改后照片（必须）"),
    "extension": ("/packages/ledger/pages/deed/deed?id={item}&deed=ask_extension", "延期到"),
    "profile": ("/packages/account/pages/profile/profile", "加入时间"),
    "data": ("/packages/account/pages/data/data", "导出我的数据"),
    "about": ("/packages/account/pages/about/about", "怎么保护您"),
    "join": ("/packages/account/pages/join/join", "扫邀请码"),
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
    """An item under way at the bureau."""
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await office.enrol("老王", Role.COMMISSIONER, organisation=office.bureau)
    by, at_work, now = await office.visitor(chen), await office.visitor(wang), office.watch.now()
    new = NewItem(
        "北京路与民族街口非机动车道坑槽积水", ObservationKind.PROBLEM, place_name="北京路与民族街口"
    )
    item = await ledger.register(new, office=office.root, at=None, by=chen, now=now)
    item = await ledger.dispatch(item.id, version=1, unit_id=office.bureau.id, days=10, by=by, now=now)
    return await ledger.acknowledge(item.id, version=item.version, by=at_work, now=now)


async def look_through(phone, screens, *, mode, **ids):
    for name, (path, words) in screens.items():
        await phone.visit(path.format(**ids))
        await phone.says(words)
        await look(phone, f"{mode}-{name}")


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_every_screen_of_a_unit_and_of_the_office(office, handset, mode, width, scheme, font):
    item = await an_item(office)
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(text="南薰路有一处路灯不亮，夜里看不清路。"), uuid4())
    report = await Observation.get(text__startswith="南薰路")
    how = {"width": width, "scheme": scheme, "hooks": {"fontSizeSetting": font}}
    contact = await handset("小李", Role.DEPARTMENT_CONTACT, organisation=office.bureau, **how)
    await contact.tap("待办", role="tab")
    await contact.says("您有1件待办")
    await look(contact, f"{mode}-to-do")
    await contact.tap("消息", role="tab")
    await contact.says("没有消息。")
    await contact.tap("我的", role="tab", exact=True)
    await contact.says("字的大小")
    await look(contact, f"{mode}-me")
    await look_through(contact, SCREENS, mode=mode, item=item.id)
    chen = await handset("小陈", Role.OFFICE_STAFF, **how)
    await chen.tap("待办", role="tab")
    await chen.says("等您处理")
    await look(chen, f"{mode}-office-to-do")
    await look_through(chen, OFFICE, mode=mode, item=item.id, report=report.id)
