"""Changing a password needs the old one and a fresh code, and ends every other session."""

from datetime import timedelta

import pyotp
import pytest

from models import JournalEntry
from server.web.door.guessing import TRIES
from tests.conftest import PASSWORD, who_did

NEW = "Another-Horse-77"


@pytest.fixture
async def chen(office):
    return await office.desk_by_password("小陈")


async def change(office, desk, *, old=PASSWORD, new=NEW, again=None, wait=1, code=None):
    """Submit the form after `wait` steps of the second factor, so that its code is fresh."""
    office.watch.ahead += timedelta(seconds=30 * wait)
    code = code or pyotp.TOTP(desk.login.totp_secret).at(office.watch.now())
    form = {"old_password": old, "new_password": new, "again_password": again or new, "code": code}
    return await desk.post("/password", form)


async def signs_in(office, desk, password):
    office.watch.ahead += timedelta(seconds=30)
    elsewhere = type(desk)(office.client(), desk.person, desk.login)
    return (await elsewhere.sign_in(office.watch.now(), password=password)).status_code == 303, elsewhere


async def test_the_new_password_counts_and_every_other_session_ends(office, chen):
    _, elsewhere = await signs_in(office, chen, PASSWORD)
    done = await change(office, chen)
    assert (done.status_code, "您在别处的1个登录已全部退出" in done.text) == (200, True)
    assert (await chen.get("/ledger")).status_code == 200
    assert "/console/sign-in" in (await elsewhere.get("/ledger")).headers["location"]
    assert not (await signs_in(office, chen, PASSWORD))[0]
    assert (await signs_in(office, chen, NEW))[0]
    entry = await JournalEntry.get(event="person.password_changed")
    assert (await who_did(entry), entry.detail) == (chen.person.id, {"sessions": 1})


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new": "short-1A"}, "密码太简单"),
        ({"new": "alllowercaseletters"}, "密码太简单"),
        ({"new": PASSWORD}, "不能和原密码相同"),
        ({"again": "Another-Horse-78"}, "两次输入的新密码不一样"),
        ({"old": "Wrong-Horse-999"}, "原密码或动态码不正确"),
        ({"code": "000000"}, "原密码或动态码不正确"),
    ],
)
async def test_what_is_refused_changes_nothing_and_says_why(office, chen, typed, said):
    answer = await change(office, chen, **typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert NEW not in answer.text
    assert not await JournalEntry.exists(event="person.password_changed")
    assert (await signs_in(office, chen, PASSWORD))[0]


async def test_a_code_counts_once(office, chen):
    office.watch.ahead += timedelta(seconds=30)
    code = pyotp.TOTP(chen.login.totp_secret).at(office.watch.now())
    assert (await change(office, chen, code=code, wait=0)).status_code == 200
    again = await change(office, chen, old=NEW, new=PASSWORD, code=code, wait=0)
    assert (again.status_code, "动态码不正确" in again.text) == (422, True)


async def test_the_user_name_is_no_part_of_a_password(office, chen):
    answer = await change(office, chen, new=f"{chen.login.username.upper()}-aA1")
    assert (answer.status_code, "不能包含用户名" in answer.text) == (422, True)


async def test_who_guesses_the_password_at_an_open_desk_has_five_tries(office, chen):
    for _ in range(TRIES):
        assert (await change(office, chen, old="Wrong-Horse-999")).status_code == 422
    refused = await change(office, chen)
    assert (refused.status_code, "输错次数太多" in refused.text) == (429, True)
    assert (await signs_in(office, chen, PASSWORD))[0]


async def test_who_knows_the_password_has_all_tries_again(office, chen):
    for _ in range(TRIES - 1):
        await change(office, chen, old="Wrong-Horse-999")
    assert (await change(office, chen)).status_code == 200
    assert (await change(office, chen, old="Wrong-Horse-999")).status_code == 422


async def test_a_password_begins_and_ends_as_it_was_typed(office, chen):
    assert (await change(office, chen, new=f" {NEW} ")).status_code == 200
    assert (await signs_in(office, chen, f" {NEW} "))[0]


async def test_ones_name_at_the_top_leads_to_the_form(chen):
    assert 'href="/console/password"' in (await chen.get("/")).text
    assert chen.login.username in (await chen.get("/password")).text
