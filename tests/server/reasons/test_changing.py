"""The catalogue of reasons: data with a history; past answers keep their words."""

import asyncio

import pytest
from tortoise.exceptions import OperationalError

from models import JournalEntry, Observation, Reason, ReasonVersion
from models.vocabulary import ReasonUse, Role
from server import observations, reasons
from server.people import NotAllowed
from server.reasons import NewReason
from server.reasons.refusals import LastReason, ReasonExists, StaleReason
from tests.conftest import a_report

NEW = NewReason("已经列入下一年计划", "这件事已经列入下一年的改革任务，到时会公开办理结果。")


@pytest.fixture
async def luo(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


@pytest.fixture
async def reason(office, luo):
    return await reasons.add_reason(NEW, use=ReasonUse.DECLINE, by=luo, now=office.watch.now())


async def reworded(office, reason, by, *, text="我们把它写进了明年的任务清单，请等公布。", version=None):
    new = NewReason(reason.label, text)
    version = version or reason.version
    return await reasons.change_reason(reason.id, version=version, new=new, by=by, now=office.watch.now())


async def test_an_answer_keeps_the_words_it_was_given_with(office, luo, reason):
    laoma, chen = (
        await office.phone_of("老马"),
        await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF)),
    )
    await laoma.submit(a_report())
    report = await Observation.get()
    await observations.decline(
        report.id, version=report.version, reason=reason.code, words="", by=chen, now=office.watch.now()
    )
    await reworded(office, reason, luo)
    assert (await Observation.get(id=report.id)).reply == NEW.text
    assert [one.text for one in await observations.reasons(ReasonUse.DECLINE) if one.id == reason.id] != [
        NEW.text
    ]


async def test_every_wording_is_kept_with_who_wrote_it(office, luo, reason):
    await reworded(office, reason, luo)
    kept = await ReasonVersion.filter(reason_id=reason.id).order_by("version")
    assert [(one.version, one.text == NEW.text, one.by_id) for one in kept] == [
        (1, True, luo.person.id),
        (2, False, luo.person.id),
    ]
    deeds = await JournalEntry.filter(subject_id=reason.id).order_by("id").values_list("event", flat=True)
    assert deeds == ["reason.added", "reason.changed"]


async def test_what_the_city_pack_brought_is_kept_before_its_first_change(office, luo):
    old = await Reason.filter(use=ReasonUse.DECLINE).first()
    await reworded(office, old, luo)
    first = await ReasonVersion.get(reason_id=old.id, version=1)
    assert (first.text, first.by_id) == (old.text, None)


async def test_the_database_itself_keeps_what_was_said(reason):
    with pytest.raises(OperationalError, match="kept"):
        await ReasonVersion.filter(reason_id=reason.id).update(text="从来不是这样写的")


async def test_a_retired_reason_is_offered_no_more_and_can_come_back(office, luo, reason):
    now = office.watch.now()
    retired = await reasons.retire_reason(reason.id, version=1, by=luo, now=now)
    assert reason.id not in [one.id for one in await observations.reasons(ReasonUse.DECLINE)]
    await reasons.restore_reason(reason.id, version=retired.version, by=luo, now=now)
    assert reason.id in [one.id for one in await observations.reasons(ReasonUse.DECLINE)]


async def test_the_last_reason_of_a_use_stays(office, luo, reason):
    await Reason.filter(use=ReasonUse.DECLINE).exclude(id=reason.id).update(is_active=False)
    with pytest.raises(LastReason):
        await reasons.retire_reason(reason.id, version=1, by=luo, now=office.watch.now())


async def test_of_ten_rewordings_at_once_one_counts(office, luo, reason):
    done = await asyncio.gather(
        *(
            reworded(office, reason, luo, text=f"第{number}种写法，写得足够长。", version=1)
            for number in range(10)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, StaleReason) for one in done) == 9
    assert await ReasonVersion.filter(reason_id=reason.id).count() == 2


async def test_two_of_one_name_are_refused(office, luo, reason):
    with pytest.raises(ReasonExists):
        await reasons.add_reason(NEW, use=ReasonUse.DECLINE, by=luo, now=office.watch.now())


@pytest.mark.parametrize("role", [Role.OFFICE_STAFF, Role.AUDITOR, Role.DEPARTMENT_CONTACT])
async def test_only_the_lead_and_the_administrator_keep_reasons(office, reason, role):
    somebody = await office.actor(await office.enrol("某人", role))
    with pytest.raises(NotAllowed):
        await reworded(office, reason, somebody)


async def test_the_page_adds_rewords_retires_and_shows_the_history(office):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    form = {"use": "decline", "label": NEW.label, "text": NEW.text}
    assert (await luo.post("/reasons", form)).status_code == 303
    reason = await Reason.get(label=NEW.label)
    new = {"version": 1, "label": NEW.label, "text": "改成这样写，也足够长了吧。"}
    assert (await luo.post(f"/reasons/{reason.id}/wording", new)).status_code == 303
    assert (await luo.post(f"/reasons/{reason.id}/retirement", {"version": 2})).status_code == 303
    page = (await luo.get("/reasons")).text
    for words in ("历次内容（3）", NEW.text, "改成这样写，也足够长了吧。", "已停用", "罗主任"):
        assert words in page
    late = await luo.post(f"/reasons/{reason.id}/wording", new, part=True)
    assert (late.status_code, "刚刚被别人改过" in late.text) == (409, True)
    staff = await office.desk_of("小陈")
    assert (await staff.get("/reasons")).status_code == 403
