"""An invitation lets one WeChat account become one person of the roster."""

import asyncio
from datetime import timedelta

from models import Identity, Invitation, Observation
from models.vocabulary import Role
from server import people, reporters
from server.people import identities
from tests.conftest import a_report


async def invitation_for(office, name="老马", role=Role.TEAM_MEMBER):
    member = await office.enrol(name, role)
    lead = await office.enrol("罗主任", Role.OFFICE_LEAD)
    return member, await people.invite(member, by=lead, now=office.watch.now())


async def actor(office, code="demo-new"):
    phone = office.phone()
    await phone.sign_in(code)
    return phone


async def accept(phone, code):
    return await phone.post("/invitations/acceptance", json={"code": code})


async def test_the_invited_become_who_they_are_on_the_roster(office):
    member, code = await invitation_for(office)
    phone = await actor(office)

    joined = await accept(phone, f"{code[:4]}-{code[4:8]} {code[8:]}".lower())

    assert joined.status_code == 201, joined.text
    assert joined.json()["person"]["id"] == str(member.id)
    assert [duty["role"] for duty in joined.json()["duties"]] == ["team_member"]
    assert (await phone.get("/me")).status_code == 401  # the citizen's session ended
    again = await actor(office)
    assert (await again.get("/me")).json()["person"]["id"] == str(member.id)


async def test_earlier_reports_come_along(office):
    member, code = await invitation_for(office)
    phone = await actor(office)
    await phone.submit(a_report())
    await accept(phone, code)
    assert await reporters.reporter_of((await Observation.get()).id) == member.id


async def test_a_code_works_once(office):
    _, code = await invitation_for(office)
    assert (await accept(await actor(office, "demo-a"), code)).status_code == 201
    second = await accept(await actor(office, "demo-b"), code)
    assert (second.status_code, second.json()["code"]) == (404, "invitation_unknown")


async def test_of_two_who_use_one_code_one_gets_in(office):
    _, code = await invitation_for(office)
    phones = [await actor(office, f"demo-{number}") for number in range(4)]
    answers = await asyncio.gather(*(accept(phone, code) for phone in phones))
    assert sorted(answer.status_code for answer in answers) == [201, 404, 404, 404]


async def test_an_old_invitation_is_over(office):
    _, code = await invitation_for(office)
    office.watch.ahead += timedelta(days=14)
    assert (await accept(await actor(office), code)).status_code == 404


async def test_a_new_invitation_ends_the_one_before(office):
    member, old = await invitation_for(office)
    await people.invite(member, by=member, now=office.watch.now())
    assert (await accept(await actor(office), old)).status_code == 404


async def test_a_person_bound_already_stays_bound(office):
    laoma = await office.phone_of("老马")
    code = await people.invite(laoma.person, by=laoma.person, now=office.watch.now())
    refused = await accept(await actor(office), code)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity_taken")
    assert (await Invitation.get()).accepted_at is None
    async with identities.opened():
        assert await Identity.all().count() == 2


async def test_a_member_is_not_turned_into_another(office):
    _, code = await invitation_for(office, "李代表", Role.DEPUTY)
    laoma = await office.phone_of("老马")
    refused = await accept(laoma, code)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_joined")


async def test_the_code_itself_is_not_stored(office):
    _, code = await invitation_for(office)
    assert code not in str(dict(await Invitation.get()))
