"""小陈 accepts 老马's report on the phone; the unit reads place, words and photos, on its phone and at its desk."""

from models import Case, LedgerItem, Observation, Photo
from models.vocabulary import ObservationState, Role
from server.jobs.timetable import release_cases
from tests.conftest import a_picture, a_report, until
from tests.console_browser.conftest import window
from tests.miniprogram.test_looks import look

__all__ = ["window"]
WORDS = "路面破损，车辆绕行，请尽快修复。"


async def test_what_the_phone_accepts_reaches_the_unit_whole(office, handset, window):
    laoma, picture = await office.phone_of("老马"), a_picture("teal")
    await laoma.submit(a_report(picture, text="我家门口坑槽一周未修"))
    await laoma.upload(picture)
    report = await until(lambda: Observation.get_or_none(state=ObservationState.RECEIVED))
    by = await office.actor(await office.enrol("小罗", Role.OFFICE_STAFF))
    await office.decide_photos(report, by=by)
    await until(lambda: Photo.get_or_none(state="shown"))

    chen = await handset("小陈", Role.OFFICE_STAFF)
    await chen.visit(f"/packages/review/pages/accept/accept?id={report.id}")
    await chen.says("同时分办")
    place = chen.seen(chen.page.get_by_label("地点").locator("textarea"))
    assert await place.input_value() == "北京路与民族街口"
    await chen.says("请选择承办单位，或关掉“同时分办”")
    await chen.write("标题", "路口坑槽")
    await chen.pick("承办单位", "市住房城乡建设局")
    await chen.says("单位将看到：标题、地点。还没有写：情况说明。")
    await chen.tap("转出照片1", role="checkbox")
    await chen.says("转照片要写情况说明，至少5个字")
    await chen.write("情况说明", WORDS)
    await chen.says("请写转办理由")
    await chen.write("转办理由", "此处只有一户，已征得同意")
    await chen.says("单位将看到：标题、地点、情况说明、1张照片。")
    await look(chen, "accept")
    await chen.tap("挂号并分办")
    item = await until(lambda: LedgerItem.get_or_none(summary=WORDS))
    await until(lambda: Case.exists(item_id=item.id))
    await release_cases(office.tools)

    li = await handset("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await li.visit(f"/packages/ledger/pages/item/item?id={item.id}")
    await li.says(WORDS)
    await li.says("北京路与民族街口")
    shown = li.seen(li.page.get_by_label("上报时的照片，点开看大图")).locator("img")
    await until(lambda: shown.evaluate("(one) => one.naturalWidth > 0"))
    await look(li, "unit-item")

    at_desk = await office.desk_of("刘联络", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    async with window(at_desk) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.says(WORDS)
        await desk.says("北京路与民族街口")
        shot = desk.page.locator("[data-before] img")
        await until(lambda: shot.evaluate("(one) => one.complete && one.naturalWidth > 0"))
        assert await desk.page.get_by_text("门口坑槽").count() == 0, "the reporter's own words"
