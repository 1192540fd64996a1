"""The office writes a case: in its own words, for one unit, with the pictures it chose."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import Case, JournalEntry, Observation, Rendition
from models.vocabulary import CaseState, ContentDecision, OrganisationKind, Role, Scope
from server import cases, people
from server.cases.refusals import (
    CaseExists,
    NotItsPicture,
    NoUnitYet,
    PictureNotPassed,
    ReportersWords,
    SeenAhead,
    WrongCaseStep,
)
from server.kernel.refusal import NoSuchThing
from server.people import NotAllowed
from tests.conftest import a_picture, a_report, until
from tests.factories import registered_item


async def test_a_case_takes_its_place_from_the_item_and_waits_for_the_batch(desk):
    case = await desk.open(await desk.told())
    assert (case.state, case.place_name, case.released_on) == (CaseState.PREPARED, "北京路口", None)
    assert case.id.version == 4


async def test_a_quotation_of_the_reporter_is_refused_and_shown(desk):
    item = await desk.item_of(
        await desk.report(await desk.reporter("老马"), text="上周有位老人在这里摔倒，没有人来管这件事")
    )
    with pytest.raises(ReportersWords) as refused:
        await desk.open(item, summary="反映上周有位老人在这里摔倒，没有人来管，请处理。")
    assert refused.value.extra["passage"] in "上周有位老人在这里摔倒没有人来管这件事"


async def test_only_a_dispatched_matter_is_told(desk, office):
    item = await registered_item(office, by=desk.chen, title="未分办", now=desk.now)
    with pytest.raises(NoUnitYet):
        await desk.open(item)


async def test_what_was_seen_lies_not_ahead(desk):
    item = await desk.told()
    with pytest.raises(SeenAhead):
        await desk.open(item, seen_on=desk.today + timedelta(days=1))


async def test_a_unit_is_told_once_of_a_round_unless_the_first_is_withdrawn(desk):
    item = await desk.told()
    first = await desk.open(item)
    with pytest.raises(CaseExists):
        await desk.open(item)
    await cases.withdraw_case(first.id, cases.WithdrawCase(reason="措辞不当"), by=desk.chen, now=desk.now)
    second = await desk.open(item)
    assert await cases.release_batch(desk.today) == 1
    assert (await Case.get(id=second.id)).state is CaseState.RELEASED
    assert (await Case.get(id=first.id)).state is CaseState.WITHDRAWN


async def test_what_has_left_is_not_withdrawn(desk):
    case = await desk.released()
    with pytest.raises(WrongCaseStep) as refused:
        await cases.withdraw_case(case.id, cases.WithdrawCase(reason="迟了"), by=desk.chen, now=desk.now)
    assert refused.value.extra == {"state": "released", "legal": ["answer"]}


async def test_units_write_no_cases_and_another_office_finds_none(desk, office):
    item = await desk.told()
    with pytest.raises(NotAllowed):
        await desk.open(item, by=desk.liu)
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
    )
    ding = await people.add_person(
        "小丁",
        role=Role.OFFICE_STAFF,
        by=None,
        now=desk.now,
        keys=office.tools.keys,
        organisation=county,
        scope=Scope.SUBTREE,
    )
    with pytest.raises(NoSuchThing):
        await desk.open(item, by=await office.actor(ding))
    case = await desk.open(item)
    with pytest.raises(NoSuchThing):
        await cases.case_of_office(await office.actor(ding), case.id)


async def test_only_pictures_of_its_own_reports_are_released_and_anew_without_a_mark(desk, office):
    laoma = await office.phone_of("老马")
    picture = a_picture()
    await laoma.upload(picture)
    await laoma.submit(a_report(picture))
    (report,) = await cases.reading.Observation.all()
    item = await desk.item_of(report)

    async def shown():
        return await cases.photos_to_choose(desk.chen, item.id)

    ((of_report, photo),) = await until(shown)
    assert of_report == report.id
    with pytest.raises(NotItsPicture):
        await desk.open(item, picture_ids=[uuid4()], narrow_because="测试")
    with pytest.raises(NotItsPicture):
        await desk.open(item, picture_ids=[photo.id, photo.id], narrow_because="测试")

    with pytest.raises(PictureNotPassed):
        await desk.open(item, picture_ids=[photo.id], narrow_because="测试")
    await office.decide_photos(report, by=desk.chen)
    case = await desk.open(item, picture_ids=[photo.id], narrow_because="测试")
    for _ in range(2):
        await cases.render(case.id, tools=office.tools)
    made = await Rendition.filter(subject_id=case.id)
    marked = await Rendition.filter(subject_id=report.id)
    assert len(made) == len(marked) > 0
    assert {one.verify_code for one in made} == {""}
    assert {one.sha256 for one in made}.isdisjoint({one.sha256 for one in marked})


async def test_a_photo_that_is_hidden_later_is_gone_from_the_case_at_once(desk, office):
    laoma, picture = await office.phone_of("老马"), a_picture()
    wang = await office.phone_of("王专员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await laoma.upload(picture)
    await laoma.submit(a_report(picture))
    report = await Observation.get()
    item = await desk.item_of(report)
    await office.decide_photos(report, by=desk.chen)
    ((_, photo),) = await cases.photos_to_choose(desk.chen, item.id)
    case = await desk.open(item, picture_ids=[photo.id], narrow_because="测试")
    await cases.render(case.id, tools=office.tools)
    await cases.release_batch(desk.today)
    ((link, *_),) = (await wang.get(f"/cases/{case.id}")).json()["pictures"]
    assert (await wang.client.get(link["url"])).status_code == 200

    await office.decide_photos(report, ContentDecision.HIDDEN, by=desk.chen)
    assert (await wang.get(f"/cases/{case.id}")).json()["pictures"] == []
    assert (await wang.client.get(link["url"])).status_code == 404


async def test_the_journal_knows_the_case_by_number_alone(desk):
    case = await desk.open(await desk.told())
    entry = await JournalEntry.get(event="case.opened")
    assert (entry.subject_id, entry.detail) == (case.id, {"number": "改-2026-0001", "narrow": False})
