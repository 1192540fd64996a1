"""A unit answers a case on its phone: it sees what the office released, and nothing of who reported."""

import io
from datetime import timedelta

from PIL import Image

from models import CaseAnswer, Observation, Photo
from models.vocabulary import ObservationState, Role
from server import cases, ledger, observations
from server.cases import NewCase
from server.jobs.timetable import release_cases
from server.kernel.clock import business_date
from server.ledger import NewItem, reporting
from server.photos import Box
from tests.acting import act
from tests.conftest import a_picture, a_report, until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_working_on_items import a_shot

SUMMARY = "该处路面破损，车辆绕行，请尽快修复并说明原因。"
ANSWER = "已安排铣刨，三天内恢复通行。"


async def released(office):
    """A case of the bureau with one picture in which the office has blacked out a face."""
    chen = await office.actor(await office.enrol("小罗", Role.OFFICE_STAFF))
    laoma, now, picture = await office.phone_of("老马"), office.watch.now(), a_picture("teal")
    await laoma.submit(a_report(picture, text="我家门口坑槽一周未修"))
    await laoma.upload(picture)
    report = await until(lambda: Observation.get_or_none(state=ObservationState.RECEIVED))
    await office.decide_photos(report, by=chen)
    photo, face = await Photo.get(), Box(left=0.4, top=0.3, right=0.8, bottom=0.7)
    await observations.redact_photo(report.id, photo_id=photo.id, boxes=[face], by=chen, now=now)
    new = NewItem("路口坑槽", report.kind, place_name="北京路与民族街口")
    item = await observations.accept(report.id, version=report.version, new=new, by=chen, now=now)
    item = await act(
        ledger.dispatch, item.id, version=item.version, unit_id=office.bureau.id, by=chen, now=now
    )
    told = NewCase(SUMMARY, business_date(now) - timedelta(days=1), picture_ids=[photo.id])
    await cases.open_case(item.id, new=told, by=chen, now=now, narrow_because="此处只有一户")
    await release_cases(office.tools)


async def test_a_unit_reads_a_case_and_answers_it_after_a_dead_line_and_a_kill(office, handset):
    await released(office)
    li = await handset("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await li.visit("/packages/ledger/pages/list/list")
    await li.tap("路口坑槽")
    await li.tap("查看转办件、答复改革办")
    await li.says(SUMMARY)
    picture = li.seen(li.page.get_by_label("第1张照片，点开看大图")).locator("img")
    await until(lambda: picture.evaluate("(one) => one.naturalWidth > 0"))
    await look(li, "case")
    shown = Image.open(
        io.BytesIO((await office.client().get(await picture.evaluate("(one) => one.src"))).content)
    )
    assert max(shown.convert("RGB").getpixel((shown.width * 6 // 10, shown.height // 2))) < 40, "the face"
    assert await li.page.get_by_text("门口").count() == 0, "the reporter's own words"

    await li.lose_network()
    await li.write("答复", ANSWER)
    await li.tap("答复", exact=True)
    await li.says("内容已保存在手机上，有信号时可以继续。")
    await look(li, "case-offline")
    await li.tap("知道了")
    await li.kill_and_reopen(offline=True)
    await li.find_network()
    await li.tap("待办", role="tab")
    await li.tap("路口坑槽")
    await li.tap("查看转办件、答复改革办")
    assert await li.seen(li.page.locator("textarea")).input_value() == ANSWER
    await li.tap("答复", exact=True)
    await li.says("已答复改革办")
    await li.gone("改革办会用自己的话转告上报人。")
    assert (await CaseAnswer.get()).text == ANSWER

    await li.tap("打开事项")
    await li.tap("签收")
    await li.tap("填报进展")
    await li.write("做了什么", "已进场")
    await li.tap("添加照片")
    async with li.page.expect_file_chooser() as chooser:
        await li.seen(li.page.get_by_role("button", name="同意", exact=True)).tap()
    await (await chooser.value).set_files([a_shot("green")])
    await li.seen(li.page.get_by_label("第1张照片")).wait_for()
    await li.tap("填报进展")
    await li.says("现场照片")
    await until(Photo.filter(subject_kind=reporting.SUBJECT).exists)
