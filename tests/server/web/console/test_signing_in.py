"""Signing in to the console, signing out, and where each leads."""

from datetime import timedelta

import pyotp
import pytest

from models.vocabulary import Role
from server.web.console.navigating import safe_way_back

OPEN_TO_NOBODY = ["/", "/review", "/ledger", "/tasks", "/people", "/journal"]


async def test_name_password_and_code_let_one_in_and_lead_back(office):
    chen = await office.desk_by_password("小陈")
    chen.client.cookies.clear()
    office.watch.ahead = timedelta(minutes=1)  # a code is good for one sign-in only

    answer = await chen.sign_in(office.watch.now(), next="/console/ledger?year=2026")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/ledger?year=2026")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert (await chen.get("/")).status_code == 200


async def test_a_name_in_another_width_or_case_and_a_code_with_blanks_let_one_in(office):
    chen = await office.desk_by_password("小陈")
    name = chen.login.username
    wide = "".join(chr(ord(one) + 0xFEE0) for one in name)
    for minute, typed in enumerate((name.upper(), wide, f" {name} "), start=1):
        chen.client.cookies.clear()
        office.watch.ahead = timedelta(minutes=minute)
        code = pyotp.TOTP(chen.login.totp_secret).at(office.watch.now())
        answer = await chen.sign_in(office.watch.now(), username=typed, code=f"{code[:3]} {code[3:]}")
        assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    "wrong", [{"password": "Wrong-Horse-99"}, {"code": "000000"}, {"username": "nobody"}]
)
async def test_a_wrong_word_is_refused_without_saying_which(office, wrong):
    chen = await office.desk_by_password("小陈")
    chen.client.cookies.clear()
    office.watch.ahead = timedelta(minutes=1)

    answer = await chen.sign_in(office.watch.now(), **wrong)

    name = wrong.get("username", chen.login.username)
    assert answer.status_code == 401
    assert "用户名、密码或动态码不正确。" in answer.text
    assert f'name="username" value="{name}"' in answer.text
    assert "Horse" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", OPEN_TO_NOBODY)
async def test_a_stranger_is_led_to_the_sign_in_and_back(office, path):
    stranger = office.client()

    answer = await stranger.get(f"/console{path}?a=1")

    assert answer.status_code == 303
    way = "" if path == "/" else f"?next=%2Fconsole{path.replace('/', '%2F')}%3Fa%3D1"
    if path == "/":
        way = "?next=%2Fconsole%2F%3Fa%3D1"
    assert answer.headers["location"] == f"/console/sign-in{way}"


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/\\evil.example",
        "/console\\evil",
        "/consolexyz",
        "javascript:alert(1)",
        "/console/\r\nSet-Cookie: a=b",
        "/api/v1/me",
        "/console/sign-out",
        "",
    ],
)
def test_the_way_back_never_leaves_the_console(foreign):
    assert safe_way_back(foreign) == "/console"


@pytest.mark.parametrize("own", ["/console", "/console?a=1", "/console/ledger/5?x=%2F", "/console/review"])
def test_the_way_back_leads_to_our_own_pages(own):
    assert safe_way_back(own) == own


async def test_signing_out_ends_the_session_at_once_everywhere(office):
    chen = await office.desk_of("小陈")
    kept = dict(chen.client.cookies)

    answer = await chen.post("/sign-out", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in?left=true")
    assert "Max-Age=0" in answer.headers["set-cookie"]

    thief = office.client(cookies=kept)
    assert (await thief.get("/console")).status_code == 303


async def test_a_part_of_a_page_sends_the_whole_window_to_the_sign_in(office):
    stranger = office.client()

    answer = await stranger.get(
        "/console/review/list",
        headers={"hx-request": "true", "hx-current-url": f"{office.base_url}/console/review?show=decided"},
    )

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/console/sign-in?next=%2Fconsole%2Freview%3Fshow%3Ddecided"


async def test_a_form_under_way_is_kept_when_the_session_has_ended(office):
    chen = await office.desk_of("小陈")
    chen.client.cookies.clear()

    answer = await chen.post("/review/00000000-0000-4000-8000-000000000000/acceptance", {}, part=True)

    assert answer.status_code == 401
    assert answer.headers["hx-retarget"] == "#notices"
    assert 'target="_blank"' in answer.text


async def test_people_see_only_the_places_of_their_duties(office):
    auditor = await office.desk_of("老郑", Role.AUDITOR)

    page = (await auditor.get("/")).text

    places = [
        path
        for path in ("review", "ledger", "tasks", "people", "journal")
        if f'href="/console/{path}"' in page
    ]
    assert places == ["ledger", "tasks", "people", "journal"]
    assert (await auditor.get("/review")).status_code == 403


async def test_the_demo_sign_ins_are_never_mentioned_in_production(app, office, monkeypatch):
    stranger = office.client()
    assert "demo.json" in (await stranger.get("/console/sign-in")).text

    monkeypatch.setattr(type(app.ctx.tools.settings), "is_production", True)
    answer = await stranger.get("/console/sign-in")
    assert "demo.json" not in answer.text
    assert answer.headers["strict-transport-security"].startswith("max-age=")
