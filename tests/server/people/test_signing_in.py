"""Who may sign in, and until when."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from models import ConsoleLogin, Duty, Identity, Person, Session
from models.vocabulary import Role, SessionChannel
from server import people
from server.people import identities
from server.people.enrolling import WeakPassword
from server.people.sessions import day_of
from server.people.signing_in import WrongPassword
from tests.conftest import PASSWORD


@pytest.fixture
async def chen(office):
    """小陈 of the office with a console login, and the secret of the second factor."""
    person = await office.enrol("小陈", Role.OFFICE_STAFF)
    login = await people.give_console_login(
        person, username="chen", password=PASSWORD, by=None, keys=office.tools.keys
    )
    return person, login.totp_secret


def code_of(secret, at):
    return pyotp.TOTP(secret).at(at)


async def knock(office, password, code, *, username="chen"):
    return await people.by_password(username, password, code, keys=office.tools.keys, now=office.watch.now())


async def test_a_first_visit_makes_a_citizen_under_a_made_up_name(office):
    phone = office.phone()
    signed_in = await phone.sign_in("demo-stranger")

    assert signed_in.status_code == 201
    assert [duty["role"] for duty in signed_in.json()["duties"]] == ["citizen"]
    assert "stranger" not in signed_in.text
    assert (await phone.get("/me")).json()["person"]["id"] == signed_in.json()["person"]["id"]


async def test_two_first_visits_at_once_make_one_person(office):
    answers = await asyncio.gather(*(office.phone().sign_in("demo-twin") for _ in range(6)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["person"]["id"] for answer in answers}) == 1
    async with identities.opened():
        assert await Identity.all().count() == 1


async def test_a_login_code_is_good_for_one_time(office):
    assert (await office.phone().sign_in("demo-ma.once")).status_code == 201
    again = await office.phone().sign_in("demo-ma.once")

    assert (again.status_code, again.json()["code"]) == (401, "login_code_refused")
    assert await Session.all().count() == 1


async def test_roles_in_the_body_are_refused(office):
    answer = await office.phone().client.post(
        "/api/v1/sessions", json={"code": "demo-ma", "role": "office_lead", "openid": "x"}
    )
    assert answer.status_code == 422
    assert {field["field"] for field in answer.json()["fields"]} == {"role", "openid"}


async def test_who_somebody_is_lies_sealed_in_the_database(office):
    await office.phone_of("老马")
    async with identities.opened():
        identity = await Identity.get()
    stored = " ".join(str(value) for value in dict(identity).values())

    assert "openid-demo" not in stored
    assert identity.openid_sealed.split(".")[1] == office.tools.keys.current


async def test_a_revoked_session_is_refused_on_the_next_request(office):
    phone = await office.phone_of("老马")
    assert (await phone.delete("/sessions/current")).status_code == 204

    refused = await phone.get("/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


async def test_a_person_put_on_leave_is_out_on_the_next_request(office):
    phone = await office.phone_of("老马")
    await Person.filter(id=phone.person.id).update(is_active=False)
    assert (await phone.get("/me")).status_code == 401


async def test_a_duty_that_ended_yesterday_is_gone_today(office):
    phone = await office.phone_of("老马")
    yesterday = office.watch.now().date() - timedelta(days=2)
    await Duty.filter(person_id=phone.person.id).update(since_on=yesterday, until_on=yesterday)

    assert (await phone.get("/me")).status_code == 401  # and signs in again, as a citizen (test_coming_back)
    assert (await phone.get("/observations")).status_code == 401


@pytest.mark.parametrize(
    ("channel", "idle", "absolute"),
    [
        (SessionChannel.CONSOLE, timedelta(minutes=30), timedelta(hours=8)),
        (SessionChannel.PHONE, timedelta(days=30), timedelta(days=90)),
    ],
)
async def test_a_session_idles_out_and_ends_exactly_at_its_limits(office, channel, idle, absolute):
    person = await office.enrol("小陈", Role.OFFICE_STAFF)
    start = office.watch.now()
    if channel is SessionChannel.PHONE:
        start = day_of(start)  # of phones only days are kept
    second = timedelta(seconds=1)

    token = await people.open_session(person, channel=channel, now=start)
    await people.admit(token, channel=channel, now=start + idle - second)
    await people.write_down_seen()
    with pytest.raises(people.NotSignedIn):
        await people.admit(token, channel=channel, now=start + 2 * idle - second)

    token = await people.open_session(person, channel=channel, now=start)
    await Session.all().update(seen_at=start + absolute - second)
    await people.admit(token, channel=channel, now=start + absolute - second)
    with pytest.raises(people.NotSignedIn):
        await people.admit(token, channel=channel, now=start + absolute)


async def test_a_console_session_is_not_a_phone_session(office):
    person = await office.enrol("小陈", Role.OFFICE_STAFF)
    token = await people.open_session(person, channel=SessionChannel.CONSOLE, now=office.watch.now())
    with pytest.raises(people.NotSignedIn):
        await people.admit(token, channel=SessionChannel.PHONE, now=office.watch.now())


async def test_the_token_itself_is_not_stored(office):
    person = await office.enrol("小陈", Role.OFFICE_STAFF)
    token = await people.open_session(person, channel=SessionChannel.PHONE, now=office.watch.now())
    assert token not in str(dict(await Session.get()))


async def test_the_office_signs_in_with_name_password_and_code(office, chen):
    person, secret = chen
    _, signed_in = await knock(office, PASSWORD, code_of(secret, office.watch.now()))
    assert signed_in.id == person.id


async def test_a_code_is_never_taken_twice(office, chen):
    _, secret = chen
    code = code_of(secret, office.watch.now())
    await knock(office, PASSWORD, code)
    with pytest.raises(WrongPassword):
        await knock(office, PASSWORD, code)


async def test_of_two_sign_ins_with_one_code_one_is_let_in(office, chen):
    _, secret = chen
    code = code_of(secret, office.watch.now())
    outcomes = await asyncio.gather(
        *(knock(office, PASSWORD, code) for _ in range(4)), return_exceptions=True
    )
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1


async def test_an_older_code_is_refused_after_a_newer_one(office, chen):
    _, secret = chen
    now = office.watch.now()
    await knock(office, PASSWORD, code_of(secret, now))
    with pytest.raises(WrongPassword):
        await knock(office, PASSWORD, code_of(secret, now - timedelta(seconds=30)))


async def test_an_unknown_name_is_refused_in_the_same_words(office, chen):
    with pytest.raises(WrongPassword) as known:
        await knock(office, "wrong", "000000")
    with pytest.raises(WrongPassword) as unknown:
        await knock(office, "wrong", "000000", username="nobody")
    assert known.value.message == unknown.value.message


@pytest.mark.parametrize(
    "password", ["short-A1", "alllowercaseletters", "123456789012", "ALLUPPER12345"[:12]]
)
async def test_a_weak_password_is_not_given(office, password):
    person = await office.enrol("小陈", Role.OFFICE_STAFF)
    with pytest.raises(WeakPassword):
        await people.give_console_login(
            person, username="chen", password=password, by=None, keys=office.tools.keys
        )
    assert not await ConsoleLogin.exists()
