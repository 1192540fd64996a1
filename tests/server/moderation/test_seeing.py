"""Nothing of a report is visible to others unless WeChat or a person has passed exactly that content."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from models import ContentCheck, Photo, Rendition
from models.vocabulary import ContentDecision, ContentKind, ContentState, Role
from models.vocabulary import ContentState as S
from server import moderation, photos
from server.moderation import is_visible_to_others
from tests.conftest import a_picture, until
from tests.server.moderation.acting import asked_photo, photo_in, reported, text_in


def a_check(state=S.PENDING, decision=None):
    return ContentCheck(id=uuid4(), state=state, decision=decision)


@pytest.mark.parametrize("state", list(ContentState))
@pytest.mark.parametrize("decision", [None, *ContentDecision])
def test_a_person_counts_else_only_a_pass(state, decision):
    expected = decision is ContentDecision.PASSED or (decision is None and state is S.PASS)
    assert is_visible_to_others(a_check(state, decision)) is expected


def test_what_was_never_checked_is_not_visible():
    assert not is_visible_to_others()
    assert not is_visible_to_others(None)
    assert not is_visible_to_others(a_check(S.PASS), None)
    assert not is_visible_to_others(a_check(S.PASS), a_check(S.RISKY))
    assert is_visible_to_others(a_check(S.PASS), a_check(S.PASS))


async def shown_link(office, report, person):
    """Return a link to a report's photo as a careless page could make it for anybody."""
    rendition = await until(lambda: Rendition.get_or_none(subject_id=report.id, size="large"))
    return photos.link(rendition, to=person, now=office.watch.now(), keys=office.tools.keys)


async def test_a_link_minted_for_others_opens_only_after_a_pass(office, fake_wechat, laoma):
    wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    link = await shown_link(office, report, wang.person)

    before = await wang.client.get(link)
    assert (before.status_code, before.json()["code"]) == (404, "link_ended")
    await fake_wechat.fire_callbacks()
    await photo_in(report, S.PASS)
    after = await wang.client.get(link)
    assert after.status_code == 200
    assert Image.open(BytesIO(after.content)).format == "JPEG"


async def test_the_reporter_and_his_reviewers_see_a_photo_before_any_verdict(office, laoma):
    staff = await office.phone_of("小陈", Role.OFFICE_STAFF)
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    for phone in (laoma, staff):
        link = await shown_link(office, report, phone.person)
        assert (await phone.client.get(link)).status_code == 200


async def test_a_hidden_photo_is_hidden_at_once(office, fake_wechat, laoma, chen):
    wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    await fake_wechat.fire_callbacks()
    check = await photo_in(report, S.PASS)
    link = await shown_link(office, report, wang.person)
    assert (await wang.client.get(link)).status_code == 200

    hidden = ContentDecision.HIDDEN
    await moderation.decide(
        check.id, version=check.version, decision=hidden, words="人脸", by=chen, now=office.watch.now()
    )
    assert (await wang.client.get(link)).status_code == 404


async def test_a_withdrawn_report_shows_others_nothing(office, laoma):
    report = await reported(laoma)
    await text_in(report, S.PASS)
    assert (await moderation.for_others([report]))[report.id].text
    await laoma.delete(f"/observations/{report.client_id}")
    await report.refresh_from_db()
    seen = (await moderation.for_others([report]))[report.id]
    assert (seen.text, seen.place_name, seen.photos) == (None, None, frozenset())


async def test_many_reports_are_judged_by_two_queries(office, laoma):
    reports = [await reported(laoma, text=f"第{number}件") for number in range(3)]
    for report in reports[:2]:
        await text_in(report, S.PASS)
    await ContentCheck.filter(subject_id=reports[2].id).delete()
    seen = await moderation.for_others(reports)
    assert [seen[report.id].text for report in reports] == ["第0件", "第1件", None]


async def test_the_clock_alone_makes_nothing_visible(office, fake_wechat, laoma):
    await fake_wechat.set_callback(None)
    report = await reported(laoma, a_picture())
    await asked_photo(report)
    for _ in range(6):
        office.watch.ahead += timedelta(hours=1)
        await moderation.sweep(tools=office.tools)
        assert await moderation.photos_for_others(report) == []


async def judged(report, decision, *, office, by):
    check = await photo_check(report)
    await moderation.decide(
        check.id, version=check.version, decision=decision, words="人脸", by=by, now=office.watch.now()
    )


async def photo_check(report):
    return await until(lambda: ContentCheck.get_or_none(subject_id=report.id, kind=ContentKind.PHOTO))


async def test_a_photo_hidden_in_one_report_is_hidden_in_all(office, laoma, chen):
    picture = a_picture()
    first, second = await reported(laoma, picture), await reported(laoma, picture)
    photo = await Photo.get(subject_id=first.id)
    await judged(first, ContentDecision.PASSED, office=office, by=chen)
    assert await moderation.is_photo_visible(photo)
    await judged(second, ContentDecision.HIDDEN, office=office, by=chen)
    assert not await moderation.is_photo_visible(photo)


async def test_a_pass_dies_with_its_report(office, laoma, chen):
    picture = a_picture()
    first, second = await reported(laoma, picture), await reported(laoma, picture)
    await photo_check(second)
    await judged(first, ContentDecision.PASSED, office=office, by=chen)
    await laoma.delete(f"/observations/{first.client_id}")
    assert not await moderation.is_photo_visible(await Photo.get(subject_id=first.id))


async def test_the_same_bytes_of_two_people_are_judged_each_for_itself(office, laoma, chen):
    picture, other = a_picture(), await office.phone_of("老杨")
    first, second = await reported(laoma, picture), await reported(other, picture)
    await photo_check(second)
    await judged(first, ContentDecision.PASSED, office=office, by=chen)
    assert await moderation.is_photo_visible(await Photo.get(subject_id=first.id))
    assert not await moderation.is_photo_visible(await Photo.get(subject_id=second.id))
    await judged(second, ContentDecision.HIDDEN, office=office, by=chen)
    assert await moderation.is_photo_visible(await Photo.get(subject_id=first.id))
