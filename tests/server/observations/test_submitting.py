"""Submitting an observation to the office: it counts once, however often it is sent."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from models import JournalEntry, Observation
from models.vocabulary import Role
from server.observations.commands import SubmitObservation
from server.observations.receipts import receipt_hash
from server.web.door.reading import read_value
from tests.conftest import a_picture, a_report, sha256


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


async def test_a_retry_answers_with_the_first_attempt(laoma):
    client_id, report = uuid4(), a_report()
    first = await laoma.submit(report, client_id)
    again = await laoma.submit(report, client_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await Observation.all().count() == 1
    assert await JournalEntry.filter(event="observation.submitted").count() == 1


async def test_absent_and_null_are_the_same(laoma):
    client_id, report = uuid4(), a_report(task_id=None, written_at=None)
    first = await laoma.submit(report, client_id)
    without = {name: value for name, value in report.items() if value is not None}
    again = await laoma.submit(without, client_id)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_the_same_id_with_other_words_is_refused_and_the_fields_are_named(laoma):
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    other = await laoma.submit(a_report(text="换了说法", kind="help_request"), client_id)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert [field["field"] for field in other.json()["fields"]] == ["kind", "text"]
    assert (await Observation.get()).text == "路口坑槽一周未修"


async def test_an_id_that_another_phone_has_taken_is_as_good_as_none(office, laoma):
    client_id = uuid4()
    zhou = await office.phone_of("周师傅")
    await laoma.submit(a_report(), client_id)
    his = await zhou.submit(a_report(), client_id)

    assert (his.status_code, his.json()["code"]) == (404, "no_such_thing")
    assert (await zhou.get(f"/observations/{client_id}")).status_code == 404
    assert (await Observation.get()).id == (await office.reports_of(laoma.person))[0].id


async def test_of_two_phones_that_take_one_id_at_once_one_has_it(office, laoma):
    client_id = uuid4()
    others = [laoma, *[await office.phone_of(f"队员{number}") for number in range(4)]]
    answers = await asyncio.gather(*(phone.submit(a_report(), client_id) for phone in others))
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 4


async def test_twenty_sends_at_once_leave_one_report(laoma):
    client_id, report = uuid4(), a_report()
    answers = await asyncio.gather(*(laoma.submit(report, client_id) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.content for answer in answers}) == 1


async def test_every_failing_field_is_named(laoma):
    report = a_report(text="", kind="gossip", colour="red")
    del report["anonymity"]
    report["place"] = {"latitude": 38.4, "longitude": 106.2, "source": "gps"}
    refused = await laoma.submit(report)

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    problems = {field["field"]: field["message_zh"] for field in refused.json()["fields"]}
    assert problems == {
        "colour": "不认识这一项",
        "kind": "不在可选范围内",
        "text": "至少要1个字",
        "anonymity": "缺少这一项",
        "place.datum": "缺少这一项",
    }


async def test_broken_json_is_said_to_be_unreadable(laoma):
    answer = await laoma.put(f"/observations/{uuid4()}", content=b'{"kind": ')
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_body_past_64_kb_is_refused_before_it_is_read(laoma):
    answer = await laoma.submit(a_report(text="字" * 30_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    assert not await Observation.exists()


@pytest.mark.parametrize(("count", "status"), [(1, 201), (9, 201), (10, 422), (0, 422)])
async def test_a_report_names_one_to_nine_photos(laoma, count, status):
    photos = [{"sha256": sha256(bytes([number])), "bytes": 1} for number in range(count)]
    assert (await laoma.submit(a_report(photos=photos))).status_code == status


@pytest.mark.parametrize(("length", "status"), [(2000, 201), (2001, 422)])
async def test_a_text_has_at_most_two_thousand_characters(laoma, length, status):
    assert (await laoma.submit(a_report(text="字" * length))).status_code == status


async def test_a_task_that_is_not_on_the_list_is_refused(laoma):
    refused = await laoma.submit(a_report(task_id=str(uuid4())))
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_task")


async def test_a_place_is_kept_as_sent_and_normalised_once(laoma):
    """The golden pair of domain-and-product §8.3."""
    place = a_report()["place"] | {"latitude": 38.487660, "longitude": 106.235299, "datum": "gcj02"}
    await laoma.submit(a_report(place=place))
    kept = await Observation.get()

    assert (kept.latitude, kept.datum) == (38.487660, "gcj02")
    assert (round(kept.wgs_latitude, 4), round(kept.wgs_longitude, 4)) == (38.4872, 106.2309)


async def test_a_report_without_a_place_is_graded_and_taken(laoma):
    assert (await laoma.submit(a_report(place=None))).status_code == 201
    assert (await Observation.get()).place_grade == "D"


async def test_both_times_are_kept_the_written_and_the_received(office, laoma):
    written = office.watch.now().replace(microsecond=0) - timedelta(days=21)
    await laoma.submit(a_report(written_at=written.isoformat()))
    kept = await Observation.get()
    assert kept.written_at == written
    assert abs(office.watch.now() - kept.received_at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hours", "code"),
    [(23, None), (25, "clock_wrong"), (-30 * 24 + 1, None), (-30 * 24 - 1, "written_long_ago")],
)
async def test_sub_02_a_time_that_nobody_can_believe_is_refused_kindly(office, laoma, hours, code):
    written = (office.watch.now() + timedelta(hours=hours)).isoformat()
    answer = await laoma.submit(a_report(written_at=written))
    assert answer.json().get("code") == code
    if code:
        assert answer.json()["hint_zh"].startswith("内容已保存在手机上。")


async def test_a_time_without_an_offset_is_refused(laoma):
    assert (await laoma.submit(a_report(written_at="2026-11-01T08:00:00"))).status_code == 422


async def test_the_receipt_can_be_recomputed_by_the_phone(laoma):
    client_id, report = uuid4(), a_report()
    receipt = (await laoma.submit(report, client_id)).json()
    kept = await Observation.get()
    command = read_value(report, SubmitObservation)

    assert receipt["receipt_hash"] == receipt_hash(
        command, client_id=client_id, number=receipt["receipt_number"], received_at=kept.received_at
    )


async def test_the_reporter_reads_a_date_with_its_reason(laoma):
    receipt = (await laoma.submit(a_report())).json()
    assert receipt["promise_words"].startswith("1个工作日")
    assert receipt["words"] == "文字已收到，还有1张照片没有送达，联网后会自动续传。"


async def test_a_newcomer_reports_five_times_a_day_and_reads_what_then(office):
    phone = office.phone()
    await phone.sign_in("demo-newcomer")
    for _ in range(5):
        assert (await phone.submit(a_report())).status_code == 201
    refused = await phone.submit(a_report())

    assert refused.status_code == 429
    assert refused.json()["message_zh"] == "您今天已上报5条，达到每天5条的上限。"
    assert refused.json()["hint_zh"].startswith("明天0点恢复")
    assert int(refused.headers["retry-after"]) <= 86400


async def test_a_retry_never_counts_against_the_limit(office):
    phone = office.phone()
    await phone.sign_in("demo-newcomer")
    client_id, report = uuid4(), a_report()
    for _ in range(9):
        assert (await phone.submit(report, client_id)).status_code in (200, 201)


async def test_the_office_staff_do_not_report(office):
    chen = await office.phone_of("小陈", Role.OFFICE_STAFF)
    refused = await chen.submit(a_report())
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_a_strangers_report_is_as_missing_as_one_that_never_was(office, laoma):
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    zhou = await office.phone_of("周师傅")
    foreign, missing = (
        await zhou.get(f"/observations/{client_id}"),
        await zhou.get(f"/observations/{uuid4()}"),
    )

    assert foreign.status_code == missing.status_code == 404
    strip = {"request_id": None}
    assert foreign.json() | strip == missing.json() | strip


async def test_anybody_with_the_receipt_number_sees_steps_and_no_content(office, laoma):
    number = (await laoma.submit(a_report())).json()["receipt_number"]
    anybody = office.client()
    status = await anybody.post("/api/v1/receipts", json={"number": number.lower()})

    assert status.status_code == 200
    assert "坑槽" not in status.text
    assert status.json()["steps"][0]["label"] == "已收到"
    assert (await anybody.post("/api/v1/receipts", json={"number": "AAAAA-AAAAA"})).status_code == 404


async def test_an_older_program_asks_with_the_number_in_the_address_for_a_year(office, laoma):
    number = (await laoma.submit(a_report())).json()["receipt_number"]
    anybody = office.client()
    now = await anybody.post("/api/v1/receipts", json={"number": number})
    before = await anybody.get(f"/api/v1/receipts/{number}")

    assert before.json() == now.json()
    assert before.headers["sunset"] == "Sat, 27 Nov 2027 00:00:00 GMT"
    assert (await anybody.get("/api/v1/receipts/AAAAA-AAAAA")).status_code == 404


async def test_the_list_pages_through_all_reports_once(laoma):
    for number in range(5):
        await laoma.submit(a_report(a_picture(), text=f"第{number}件"))
    seen, cursor = [], {}
    for _ in range(3):
        page = (await laoma.get("/observations", params={"limit": 2} | cursor)).json()
        seen += [line["text"] for line in page["items"]]
        cursor = {"cursor": page["cursor"]}
    assert seen == [f"第{number}件" for number in (4, 3, 2, 1, 0)]
