"""Reviewing on a phone at night: the queue, one report in large, and the decisions."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import LedgerItem, Observation
from models.vocabulary import OrganisationKind, Role
from server import people
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.phone_of("小陈", Role.OFFICE_STAFF)


async def reported(phone, *pictures, **changes):
    receipt = await phone.submit(a_report(*pictures, **changes), uuid4())
    assert receipt.status_code == 201, receipt.text
    return await Observation.get(receipt_number=receipt.json()["receipt_number"])


async def decide(phone, observation, noun, **told):
    fresh = await Observation.get(id=observation.id)
    return await phone.post(
        f"/reviews/{observation.id}/{noun}",
        json={"version": fresh.version} | told,
        headers={"idempotency-key": str(uuid4())},
    )


async def test_a_report_is_seen_large_and_names_nobody(office, laoma, chen):
    picture = a_picture("red")
    found = await reported(laoma, picture, text="北京路口坑槽一周未修。来往车辆很多。")
    await laoma.upload(picture)

    async def shown():
        card = (await chen.get(f"/reviews/{found.id}")).json()
        return card if card["photos"][0]["links"] else None

    card = await until(shown)
    assert card["title"] == "北京路口坑槽一周未修"
    assert (card["line"]["role_label"], card["track_record"]) == ("督察队员", "首次上报")
    assert [one["code"] for one in card["ask_reasons"]] == ["unclear_place"]
    assert (await chen.client.get(card["photos"][0]["links"][0]["url"])).status_code == 200
    whole = (await chen.get(f"/reviews/{found.id}")).text
    assert "老马" not in whole
    assert str(laoma.person.id) not in whole


async def test_three_reports_of_a_night_are_accepted_asked_about_and_declined(office, laoma, chen):
    found = []
    for n in "一二三":
        office.watch.ahead += timedelta(seconds=1)  # the arrival time is kept to the second
        found.append(await reported(laoma, text=f"第{n}件，路灯不亮"))
    first, second, third = found
    line = (await chen.get("/reviews")).json()
    assert ([one["id"] for one in line["items"]], line["total"]) == (
        [str(one.id) for one in (first, second, third)],
        3,
    )
    accepted = await decide(
        chen, first, "acceptances", title="路灯不亮", kind="problem", unit_id=str(office.bureau.id), days=5
    )
    assert accepted.status_code == 201, accepted.text
    item = await LedgerItem.get(id=accepted.json()["item_id"])
    assert (item.state, item.due_days) == ("dispatched", 5)
    assert accepted.json()["words"] == f"已挂号，编号{item.number_text}，并已分办。"
    asked = await decide(chen, second, "questions", reason="unclear_place", words="哪一盏？")
    assert asked.json()["line"]["state"] == "more_asked"
    declined = await decide(chen, third, "refusals", reason="not_reform")
    assert declined.json()["line"]["state"] == "declined"
    assert (await chen.get("/reviews")).json()["items"] == []
    assert len((await chen.get("/reviews", params={"show": "decided"})).json()["items"]) == 2
    assert (await chen.get("/reviews", params={"show": "more_asked"})).json()["total"] == 1


async def test_two_who_claim_one_report_are_told_of_each_other(office, laoma, chen):
    gao = await office.phone_of("小高", Role.OFFICE_STAFF)
    found = await reported(laoma)
    assert (await chen.put(f"/reviews/{found.id}/claim")).json()["claimed_by"] == ""
    refused = await gao.put(f"/reviews/{found.id}/claim")
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    assert (await gao.get(f"/reviews/{found.id}")).json()["claimed_by"] == "小陈"
    assert (await chen.client.delete(f"/api/v1/reviews/{found.id}/claim")).status_code == 204
    assert (await gao.put(f"/reviews/{found.id}/claim")).status_code == 200


async def test_an_acceptance_is_taken_back_within_a_minute(office, laoma, chen):
    found = await reported(laoma)
    await decide(chen, found, "acceptances", title="路灯不亮", kind="problem")
    undone = await chen.post(f"/reviews/{found.id}/undoings", headers={"idempotency-key": str(uuid4())})
    assert undone.json()["line"]["state"] == "received"


async def test_a_second_report_of_a_matter_joins_its_number(office, laoma, chen):
    first, second = await reported(laoma), await reported(laoma)
    number = (await decide(chen, first, "acceptances", title="路灯不亮", kind="problem")).json()
    alike = (await chen.get(f"/reviews/{second.id}")).json()["alike"]
    assert alike[0]["ledger_number"] == number["number"]
    joined = await decide(chen, second, "joinings", item_id=alike[0]["item_id"])
    assert joined.json()["words"] == f"已并入{number['number']}。"


async def test_an_unknown_unit_or_task_leaves_the_report_in_the_line(office, laoma, chen):
    found = await reported(laoma)
    refused = await decide(chen, found, "acceptances", title="路灯不亮", kind="problem", unit_id=str(uuid4()))
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_unit")
    refused = await decide(chen, found, "acceptances", title="路灯不亮", kind="problem", task_id=str(uuid4()))
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_task")
    assert (await chen.get("/reviews")).json()["total"] == 1


async def test_another_office_reviews_nothing_here(office, laoma):
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )
    tian = await office.phone_of("小田", Role.OFFICE_STAFF, organisation=county)
    found = await reported(laoma)
    assert (await tian.get("/reviews")).json()["items"] == []
    for noun in ("acceptances", "questions", "refusals"):
        told = {"title": "路灯", "kind": "problem"} if noun == "acceptances" else {"reason": "not_reform"}
        assert (await decide(tian, found, noun, **told)).status_code == 404


async def test_the_units_to_choose_from_are_those_that_can_be_given_work(office, chen):
    units = (await chen.get("/units")).json()["items"]
    assert [one["short_name"] for one in units] == ["市住建局"]
