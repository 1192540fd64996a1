"""Accepted on the phone or at the desk: the unit gets the same place, words and photos."""

from uuid import uuid4

import pytest

from models import Case, CasePicture, LedgerItem, Observation, Photo
from models.vocabulary import CaseState, ObservationState, Role
from server.jobs.timetable import release_cases
from tests.conftest import a_picture, a_report, until

WORDS = "路面破损，车辆绕行，请尽快修复。"
PLACE = "北京路与民族街口西南角"


@pytest.fixture
async def chen(office):
    return await office.phone_of("小陈", Role.OFFICE_STAFF)


async def reported(office, *, passed=True):
    """A report with a photo that may be shown to others; the person releasing it is warned of a small audience."""
    laoma, picture = await office.phone_of(f"老马{uuid4().hex[:4]}"), a_picture((len(OPENED), 90, 120))
    OPENED.append(picture)
    client_id = uuid4()
    await laoma.submit(a_report(picture, text="我家门口坑槽一周没有人来修过，晚上很危险"), client_id)
    await laoma.upload(picture)
    report = await until(
        lambda: Observation.get_or_none(client_id=client_id, state=ObservationState.RECEIVED)
    )
    await until(lambda: Photo.get_or_none(subject_id=report.id, state="shown"))
    if passed:
        by = await office.actor(await office.enrol(f"小罗{uuid4().hex[:4]}", Role.OFFICE_STAFF))
        await office.decide_photos(report, by=by)
    return report


OPENED = []


def answer_of(office, photo, **changes):
    told = {
        "title": "路口坑槽",
        "kind": "problem",
        "summary": WORDS,
        "place_name": PLACE,
        "unit_id": str(office.bureau.id),
        "days": 5,
        "released": [str(photo.id)],
        "narrow_because": "此处只有一户，已征得同意",
    }
    return told | changes


async def accept(chen, report, **told):
    return await chen.post(
        f"/reviews/{report.id}/acceptances",
        json={"version": (await Observation.get(id=report.id)).version} | told,
        headers={"idempotency-key": str(uuid4())},
    )


async def told_of(item):
    """Return what a unit gets of an item, from the API or the console."""
    case = await Case.get(item_id=item.id)
    pictures = await CasePicture.filter(case_id=case.id).count()
    return (
        (item.title, item.summary, item.place_name, item.due_days, item.lead_unit_id),
        (case.state, case.summary, case.place_name, case.seen_on, case.narrow_because, pictures),
    )


async def test_both_counters_give_the_unit_the_same(office, chen):
    report, other = await reported(office), await reported(office)
    photo = await Photo.get(subject_id=report.id)
    accepted = await accept(chen, report, **answer_of(office, photo))
    assert accepted.status_code == 201, accepted.text

    desk = await office.desk_of("小高")
    page = await desk.get(f"/review/{other.id}")
    assert "没有遮挡" in page.text
    assert "可能的上报人" not in page.text
    mine = await Photo.get(subject_id=other.id)
    form = answer_of(office, mine) | {"lead_unit": "市住房城乡建设局", "send": "on", "version": other.version}
    for name in ("unit_id", "released"):
        form.pop(name)
    done = await desk.post(f"/review/{other.id}/acceptance", form | {f"picture-{mine.id}": "1"}, part=True)
    assert done.status_code == 200, done.text

    items = await LedgerItem.all().order_by("number")
    assert await told_of(items[0]) == await told_of(items[1])
    assert (await told_of(items[0]))[1][:3] == (CaseState.PREPARED, WORDS, PLACE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unit_id": None}, "photos_for_nobody"),
        ({"summary": "破损严重"}, "no_words_for_unit"),
        ({"narrow_because": " "}, "narrow_audience"),
        ({"summary": "群众反映我家门口坑槽一周没有人来修过，晚上很危险"}, "reporters_words"),
        ({"released": [str(uuid4())]}, "not_its_picture"),
    ],
)
async def test_what_the_unit_needs_and_lacks_leaves_the_report_in_the_line(office, chen, changes, code):
    report = await reported(office)
    photo = await Photo.get(subject_id=report.id)
    refused = await accept(chen, report, **answer_of(office, photo, **changes))
    assert refused.json()["code"] == code
    assert not await LedgerItem.exists()
    assert (await Observation.get(id=report.id)).state is ObservationState.RECEIVED

    five = await accept(chen, report, **answer_of(office, photo, summary="破损很严重"))
    assert five.status_code == 201, five.text


async def test_a_photo_that_has_not_passed_is_told_so_and_stays(office, chen):
    report = await reported(office, passed=False)
    photo = await Photo.get(subject_id=report.id)
    card = (await chen.get(f"/reviews/{report.id}")).json()
    (choice,) = card["choices"]
    assert (choice["id"], choice["is_free"], choice["words"]) == (
        str(photo.id),
        False,
        "内容安全检查通过后可选",
    )
    assert (card["is_narrow"], "1人" in card["audience_words"]) == (True, True)
    refused = await accept(chen, report, **answer_of(office, photo))
    assert refused.json()["code"] == "picture_not_passed"
    assert not await LedgerItem.exists()


async def test_an_acceptance_taken_back_takes_its_photos_back(office, chen):
    report = await reported(office)
    photo = await Photo.get(subject_id=report.id)
    await accept(chen, report, **answer_of(office, photo))
    undone = await chen.post(f"/reviews/{report.id}/undoings", headers={"idempotency-key": str(uuid4())})
    assert undone.json()["line"]["state"] == "received", undone.text
    assert (await Case.get()).state is CaseState.WITHDRAWN
    await release_cases(office.tools)
    assert not await Case.filter(released_on__isnull=False).exists()
