"""When the office, or something in between, refuses: the phone says what to do, and nothing written is lost."""

import json
from uuid import uuid4

from models import LedgerItem, ProgressReport
from models.vocabulary import LedgerState, Role
from server import ledger
from server.people import sessions
from tests.acting import act
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_working_on_items import dispatched

ITEM = "/packages/ledger/pages/item/item?id={}"
TOO_OFTEN = {
    "code": "too_often",
    "status": 429,
    "title": "",
    "message_zh": "操作太频繁。",
    "hint_zh": "请60秒后再试。",
    "retry": "later",
}
PROXY = "<html><body><h1>Bad Gateway</h1></body></html>"


async def test_pages_that_cannot_show_tell_why_and_lead_on(office, handset):
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    item = await dispatched(office, chen)

    await wang.visit(ITEM.format(uuid4()))
    await wang.says("可能已被删除，或不在您的查看范围内。")
    await look(wang, "refused-404")
    await wang.tap("返回上一页")
    await wang.says("王科长，您好")
    await wang.visit("/packages/review/pages/queue/queue")
    await wang.says("您的职责里没有这项操作。")
    await look(wang, "refused-403")

    wang.line.strange.append(("/ledger-items/", 502, PROXY))
    await wang.visit(ITEM.format(item.id))
    await wang.says("改革办的系统正在恢复。")
    await look(wang, "refused-502")
    wang.line.strange.append(("/ledger-items/", 429, json.dumps(TOO_OFTEN)))
    await wang.tap("再试一次")
    await wang.says("请60秒后再试。")
    wang.line.is_dead = True
    await wang.tap("再试一次")
    await wang.says("现在连不上网络。")
    wang.line.is_dead = False
    await wang.tap("再试一次")
    await wang.says("北京路路口坑槽")


async def test_what_was_written_outlives_every_no_and_a_lost_sign_in(office, handset):
    chen = await office.enrol("小罗", Role.OFFICE_STAFF)
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    item = await dispatched(office, chen)
    by = await office.actor(wang.person)
    item = await act(ledger.acknowledge, item.id, version=item.version, by=by, now=office.watch.now())
    await wang.visit(ITEM.format(item.id))
    await wang.tap("填报进展")
    await wang.write("做了什么", "已进场铣刨")

    for status, answer, words in (
        (502, PROXY, "改革办的系统正在恢复。"),
        (413, PROXY, "这次发送的内容太大，没有送达。"),
        (429, json.dumps(TOO_OFTEN), "操作太频繁。"),
    ):
        wang.line.strange.append(("/progress-reports", status, answer))
        await wang.tap("填报进展")
        await wang.says(words)
        await look(wang, f"refused-{status}-dialog")
        await wang.tap("知道了")
    office_staff = await office.actor(chen)
    fresh = await LedgerItem.get(id=item.id)
    await act(ledger.remind, item.id, version=fresh.version, words="请抓紧", by=office_staff)
    await wang.tap("填报进展")
    await wang.says("别的同志刚刚办理过这一件")
    await look(wang, "refused-409-dialog")
    await wang.tap("知道了")

    await sessions.revoke_all(wang.person, now=office.watch.now())  # signed out while writing
    await wang.write("做了什么", "已进场铣刨，明天摊铺")
    await wang.tap("填报进展")
    await wang.says("已进场铣刨，明天摊铺")
    await wang.gone("做了什么")
    (report,) = await ProgressReport.all()
    assert report.text == "已进场铣刨，明天摊铺"
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.IN_PROGRESS
