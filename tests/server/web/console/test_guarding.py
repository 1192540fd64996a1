"""What protects every page: guards, headers, and forms that only our own pages can send."""

import re
from pathlib import Path

import pytest

from models.vocabulary import Role, SessionChannel
from server.web.console import pages, statics

TEMPLATES = Path(statics.__file__).parent / "templates"
OPEN = {"/console/sign-in", "/console/static/<digest:str>/<path:path>", "/console/verify"}
ANSWERS = [
    "/console",
    "/console/sign-in",
    "/console/nowhere",
    "/console/review",
    "/console/ledger?year=abc",
    "/verify/XYZ",
]


def console_routes(app):
    return [route for route in app.router.routes if f"/{route.path}".startswith("/console")]


async def test_every_page_asks_who_is_there(app, office):
    strange = {
        f"/{route.path}"
        for route in console_routes(app)
        if route.ctx.guard.channel is not SessionChannel.CONSOLE
    }
    assert strange == OPEN


async def test_every_form_is_taken_from_our_own_pages_only(app, office):
    changing = [route for route in console_routes(app) if route.methods - {"GET", "HEAD", "OPTIONS"}]
    assert changing
    assert [route.path for route in changing if not route.ctx.guard.csrf] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/console/sign-out", "/console/sign-in"])
async def test_a_form_of_another_site_changes_nothing(office, headers, path):
    chen = await office.desk_of("小陈")

    answer = await chen.client.post(path, data={"username": "a"}, headers=headers)

    assert answer.status_code == 403
    assert "页面已过期或不是从本系统打开的" in answer.text
    assert (await chen.get("/")).status_code == 200


@pytest.mark.parametrize("path", ANSWERS)
async def test_every_answer_tells_the_browser_to_run_only_our_files(office, path):
    chen = await office.desk_of("小陈", Role.OFFICE_STAFF)
    for client in (chen.client, office.client()):
        answer = await client.get(path, headers={"accept": "text/html"})
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
        assert policy["frame-ancestors"] == "'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_no_template_needs_more_than_the_policy_allows():
    beyond = re.compile(r"\sstyle=|\son[a-z]+=|<style|\|\s*safe|javascript:|https?://|<script(?! src=)")
    found = {path: beyond.findall(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")}
    assert {path: words for path, words in found.items() if words} == {}


async def test_an_address_that_does_not_exist_is_told_as_a_page(office):
    chen = await office.desk_of("小陈")

    answer = await chen.get("/nowhere")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有找到您要的内容。" in answer.text


async def test_a_filter_that_makes_no_sense_names_the_field(office):
    chen = await office.desk_of("小陈")

    answer = await chen.get("/ledger?year=abc")

    assert answer.status_code == 422
    assert "年度：类型不对" in answer.text


def test_a_page_asks_the_database_nothing_while_it_is_drawn():
    assert not pages.templates().is_async
