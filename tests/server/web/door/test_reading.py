"""Reading requests: what no table can hold is refused by name, never with a 500."""

import json
from uuid import uuid4

import pytest

from models import Observation
from models.vocabulary import Role
from server.web.door.reading import DEEPEST
from tests.conftest import a_picture, a_report


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "\0\u200b\u3164"}, "text"),
        ({"written_at": "0001-01-01T00:00:00+14:00"}, "written_at"),
        ({"written_at": "9999-12-31T23:59:59-14:00"}, "written_at"),
        (
            {"photos": [a_report()["photos"][0] | {"taken_at": "9999-12-31T23:59:59-14:00"}]},
            "photos[0].taken_at",
        ),
    ],
)
async def test_what_fits_no_table_is_refused_by_name(laoma, change, field):
    answer = await laoma.submit(a_report(**change))
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["fields"]] == [field]


async def test_a_text_is_kept_clean_and_half_an_emoji_refuses_no_report(laoma):
    report = a_report(text="X")
    body = json.dumps(report).replace('"X"', '"\\u8def\\u53e3\\b\\u5751e\\u0301\\ud83d"')
    client_id = uuid4()
    answer = await laoma.client.put(f"/api/v1/observations/{client_id}", content=body)
    assert answer.status_code == 201, answer.text
    assert (await Observation.get(client_id=client_id)).text == "路口坑é"
    again = await laoma.client.put(f"/api/v1/observations/{client_id}", content=body)
    assert again.status_code == 200


@pytest.mark.parametrize(
    "broken", ['{"text": "\\ud83d"', '{"text": NaN, "x": "\\ud83d"}', "[" * 5000 + '"\\ud83d"']
)
async def test_half_an_emoji_excuses_no_broken_document(laoma, broken):
    answer = await laoma.client.put(f"/api/v1/observations/{uuid4()}", content=broken)
    assert answer.status_code == 400, answer.text


async def test_a_camera_whose_clock_was_never_set_is_believed(laoma):
    photo = a_report()["photos"][0] | {"taken_at": "1970-01-01T00:00:00+00:00"}
    assert (await laoma.submit(a_report(photos=[photo]))).status_code == 201


@pytest.mark.parametrize(
    "query", ["cursor=0.5", "cursor=1e9", "cursor=9999-12-31T23:59:59-14:00", "limit=0", "colour=red"]
)
async def test_an_odd_query_is_refused_by_name(laoma, query):
    answer = await laoma.get(f"/inbox?{query}")
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["fields"]] == [query.partition("=")[0]]


async def test_odd_searches_find_nothing(office, laoma):
    chen = await office.phone_of("小陈", Role.OFFICE_STAFF)
    for typed in ("%00", "%E2%80%8B", "%25", "_"):
        assert (await chen.get(f"/ledger-items?q={typed}")).status_code == 200
    assert (await laoma.get("/tasks?year=-6244048533287103")).status_code == 422
    for number in ("%C2%ABG%C3%A4%C2%8B%C3%B1q", "%00", "2" * 500):
        assert (await laoma.get(f"/receipts/{number}")).status_code == 404


async def test_a_seal_that_is_no_seal_is_forged(laoma):
    seal = "%F0%9F%98%80" * 40
    link = f"/renditions/{uuid4()}?to={seal}"
    assert (await laoma.get(link)).json()["code"] == "link_ended"


async def test_an_address_that_is_no_digest_leads_nowhere(laoma):
    assert (await laoma.upload(a_picture(), digest="%C2%84")).status_code == 404
    assert (await laoma.upload(a_picture(), digest="A" * 64)).status_code == 404


async def test_a_405_names_the_methods_that_the_address_takes(laoma):
    answer = await laoma.client.request("PATCH", f"/api/v1/observations/{uuid4()}")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PUT", "DELETE"}


@pytest.mark.parametrize(
    ("deep", "code"), [(DEEPEST, "invalid"), (DEEPEST + 1, "malformed"), (900, "malformed")]
)
async def test_a_document_is_read_to_a_depth_that_none_of_ours_has(laoma, deep, code):
    answer = await laoma.put(
        f"/observations/{uuid4()}", content=b'{"text":' + b"[" * deep + b"]" * deep + b"}"
    )
    assert answer.json()["code"] == code
