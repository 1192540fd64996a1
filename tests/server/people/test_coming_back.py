"""A new phone or a new role: the office disconnects an account, and people who no longer serve are citizens again."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Duty, Identity, JournalEntry, Observation, Person
from models.vocabulary import Role
from server import people, staffing
from server.kernel.clock import business_date
from server.people import identities
from tests.conftest import a_report


@pytest.fixture
async def luo(office):
    return await office.desk_of("罗主任", Role.OFFICE_LEAD)


@pytest.fixture
async def laoma(office):
    """A member, signed in on the phone with their WeChat account."""
    person = await office.enrol("老马", Role.TEAM_MEMBER)
    phone = office.phone()
    await phone.sign_in("demo-old")
    code = await people.invite(person, by=person, now=office.watch.now())
    joined = await phone.post("/invitations/acceptance", json={"code": code})
    phone.client.headers["authorization"] = f"Bearer {joined.json()['token']}"
    phone.person = person
    return phone


async def me(phone):
    return (await phone.get("/me")).json()["person"]


async def roles(phone):
    return [duty["role"] for duty in (await phone.get("/me")).json()["duties"]]


async def leave(office, luo, person):
    await staffing.hand_over(
        person, to=None, leaves=True, by=await office.actor(luo.person), now=office.watch.now()
    )


async def test_somebody_with_a_new_account_is_untied_and_invited_again(office, luo, laoma):
    new = office.phone()
    await new.sign_in("demo-new")
    code = await people.invite(laoma.person, by=luo.person, now=office.watch.now())
    refused = await new.post("/invitations/acceptance", json={"code": code})
    assert refused.json()["code"] == "identity_taken"
    assert "解除原来的微信绑定" in refused.json()["hint_zh"]

    page = (await luo.get(f"/people/{laoma.person.id}")).text
    assert "已绑定微信" in page
    await luo.post(f"/people/{laoma.person.id}/account/untying", {})

    page = (await luo.get(f"/people/{laoma.person.id}")).text
    assert "没有绑定微信" in page
    assert (await laoma.get("/me")).status_code == 401
    joined = await new.post("/invitations/acceptance", json={"code": code})
    assert joined.json()["person"]["id"] == str(laoma.person.id)
    old = office.phone()
    assert [duty["role"] for duty in (await old.sign_in("demo-old")).json()["duties"]] == ["citizen"]
    assert await JournalEntry.filter(event="person.account_untied", subject_id=laoma.person.id).count() == 1


async def test_untying_leaves_name_and_desk_and_is_done_once(office, luo, laoma):
    await identities.bind(laoma.person, keys=office.tools.keys, real_name="马建国")
    await luo.post(f"/people/{laoma.person.id}/account/untying", {})
    assert await identities.told_of(laoma.person.id, "real_name", keys=office.tools.keys) == "马建国"
    again = await luo.post(f"/people/{laoma.person.id}/account/untying", {}, part=True)
    assert (again.status_code, "没有绑定微信" in again.text) == (409, True)


async def test_who_left_is_a_citizen_of_his_own_with_his_reports(office, luo, laoma):
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    await leave(office, luo, laoma.person)
    assert (await laoma.get("/me")).status_code == 401

    signed_in = await laoma.sign_in("demo-old")

    assert signed_in.status_code == 201
    assert await roles(laoma) == ["citizen"]
    assert (await me(laoma))["id"] != str(laoma.person.id)
    assert "老马" not in (await me(laoma))["designation"]
    assert (await laoma.get(f"/observations/{client_id}")).status_code == 200
    assert (await laoma.submit(a_report(text="又见一处坑槽"))).status_code == 201
    citizen = await me(laoma)
    await laoma.sign_in("demo-old")
    assert await me(laoma) == citizen


async def test_nothing_joins_the_citizen_to_who_left(office, luo, laoma):
    last_year = business_date(office.watch.now()) - timedelta(days=365)
    await Duty.filter(person_id=laoma.person.id).update(since_on=last_year)
    await leave(office, luo, laoma.person)
    await laoma.sign_in("demo-old")
    citizen = (await me(laoma))["id"]
    for entry in await JournalEntry.all():
        told = f"{entry.subject_id} {entry.detail}"
        assert not (citizen in told and str(laoma.person.id) in told)
    page = (await luo.get(f"/people/{laoma.person.id}")).text
    assert ("绑定" in page, citizen in page) == (False, False)
    assert "已离任" in page
    refused = await luo.post(f"/people/{laoma.person.id}/account/untying", {}, part=True)
    assert refused.status_code == 409  # as before coming back


@pytest.mark.parametrize("ends", ["by the office", "by its term"])
async def test_whose_last_duty_is_over_is_let_in_as_a_citizen_at_once(office, luo, laoma, ends):
    (duty,) = await Duty.filter(person_id=laoma.person.id)
    if ends == "by the office":
        actor = await office.actor(luo.person)
        await staffing.end_duty(laoma.person, duty.id, by=actor, now=office.watch.now())
    else:
        yesterday = business_date(office.watch.now()) - timedelta(days=1)
        await Duty.filter(id=duty.id).update(since_on=yesterday, until_on=yesterday)
    assert (await laoma.get("/me")).status_code == 401
    await laoma.sign_in("demo-old")
    assert await roles(laoma) == ["citizen"]


async def test_a_duty_that_holds_today_keeps_him_who_he_is(office, luo, laoma):
    today = business_date(office.watch.now())
    await Duty.filter(person_id=laoma.person.id).update(until_on=today)
    await laoma.sign_in("demo-old")
    assert (await me(laoma))["id"] == str(laoma.person.id)


async def test_many_sign_ins_at_once_after_leaving_make_one_citizen(office, luo, laoma):
    await leave(office, luo, laoma.person)
    answers = await asyncio.gather(*(office.phone().sign_in("demo-old") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["person"]["id"] for answer in answers}) == 1
    assert await Person.filter(duties__role=Role.CITIZEN, is_active=True).count() == 1
    async with identities.opened():
        assert await Identity.filter(openid_lookup__isnull=False).count() == 1


async def test_who_left_can_be_invited_back(office, luo, laoma):
    await leave(office, luo, laoma.person)
    await laoma.sign_in("demo-old")
    fresh = await office.enrol("老马（返聘）", Role.TEAM_MEMBER)
    code = await people.invite(fresh, by=luo.person, now=office.watch.now())
    joined = await laoma.post("/invitations/acceptance", json={"code": code})
    assert joined.json()["person"]["id"] == str(fresh.id)
    assert await Observation.all().count() == 0
