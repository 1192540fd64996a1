"""A reporter's record helps to weigh a report, and is too coarse to tell who sent it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Observation
from models.vocabulary import Anonymity, ObservationState, Role
from server import reporters
from server.observations import track_record
from server.observations.track_records import band, thanks
from tests.conftest import a_picture, a_report
from tests.factories import registered_item


@pytest.mark.parametrize(
    ("sent", "taken", "declined", "words"),
    [
        (0, 0, 0, "首次上报"),
        (1, 1, 0, "此前上报不到5条"),
        (4, 0, 4, "此前上报不到5条"),
        (5, 4, 0, "此前上报5条以上"),
        (6, 4, 1, "此前上报5条以上，多数采纳"),
        (12, 6, 6, "此前上报5条以上，约半数采纳"),
        (19, 1, 9, "此前上报5条以上，少数采纳"),
        (20, 20, 0, "此前上报20条以上，多数采纳"),
        (999, 333, 666, "此前上报20条以上，约半数采纳"),
    ],
)
def test_a_record_is_told_as_a_band(sent, taken, declined, words):
    assert band(sent=sent, taken=taken, declined=declined) == words


@pytest.mark.parametrize(
    ("sent", "taken", "declined", "words"),
    [
        (0, 0, 0, ""),
        (2, 0, 1, "您上报了2条，谢谢您关心改革。"),
        (4, 3, 1, "您上报了4条，已采纳3条。谢谢您！"),
        (9, 4, 1, "您上报了9条，已采纳4条，采纳率80%。谢谢您！"),
    ],
)
def test_rev_07_a_reporter_is_thanked_with_what_was_accepted(sent, taken, declined, words):
    assert thanks(sent=sent, taken=taken, declined=declined) == words


async def test_rev_07_the_thanks_count_one_s_own_reports_and_the_office_sees_noise_by_category(office):
    laoma, other = await office.phone_of("老马"), await office.phone_of("老李")
    chen, wang = await office.desk_of("小陈"), await office.desk_of("联络员", Role.DEPARTMENT_CONTACT)
    assert (await laoma.get("/observations")).json()["thanks"] == ""
    for phone, category, state in (
        (laoma, "roads", ObservationState.REGISTERED),
        (laoma, "roads", ObservationState.DECLINED),
        (laoma, None, ObservationState.WITHDRAWN),
        (other, "service", ObservationState.DECLINED),
    ):
        client_id = uuid4()
        await phone.submit(a_report(category=category), client_id)
        item = await registered_item(office, by=chen) if state is ObservationState.REGISTERED else None
        await Observation.filter(client_id=client_id).update(state=state, ledger_item_id=item and item.id)
    first = (await laoma.get("/observations?limit=2")).json()
    assert first["thanks"] == "您上报了2条，已采纳1条。谢谢您！"
    assert (await laoma.get(f"/observations?cursor={first['cursor']}")).json()["thanks"] == ""

    page = (await chen.get("/review/quality")).text
    rows = [re.sub("<[^>]+>", " ", row).split() for row in re.findall("<tr><td>.*?</tr>", page)]
    assert rows == [["政务服务", "1", "0", "1", "0", "100%"], ["道路设施", "2", "1", "1", "0", "50%"]]
    assert "还没有收到上报" in (await chen.get("/review/quality?year=2020")).text
    assert (await wang.get("/review/quality")).status_code == 403


async def test_only_what_the_same_reporter_sent_before_counts(office):
    laoma = await office.phone_of("老马")
    other = await office.phone_of("老李", Role.DEPUTY)
    await other.submit(a_report(), uuid4())
    for number in range(3):
        await laoma.submit(a_report(a_picture((number, 0, 0))), uuid4())
    first, *_, last = await office.reports_of(laoma.person)

    assert await track_record(first) == "首次上报"
    assert await track_record(last) == "此前上报不到5条"

    await (
        Observation.filter(id__in=await reporters.mine(laoma.person.id))
        .exclude(id=last.id)
        .update(state=ObservationState.WITHDRAWN, received_at=last.received_at - timedelta(hours=1))
    )
    assert await track_record(last) == "首次上报"


async def test_a_sealed_reporter_has_no_record_to_show(office):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(), uuid4())
    await laoma.submit(a_report(text="另一处"), uuid4())
    sealed = await Observation.get(text="另一处")
    sealed.anonymity = Anonymity.SEALED

    assert await track_record(sealed) == "密封身份，不显示以往记录"
