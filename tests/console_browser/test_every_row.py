"""Every list of the console, for everybody at a desk: a click on any kind of row or tab opens what it names."""

import re
from datetime import timedelta
from typing import get_args
from uuid import uuid4

import pytest

from models import LedgerItem, Observation
from models.vocabulary import Role
from server.kernel.clock import business_date
from server.web.console.review_queue import Show
from tests.conftest import a_picture, a_report
from tests.console_browser.test_every_page import fill_the_rooms

PLACES = ".side a[href]"
LINKS = 'main a[href^="/console"]:not([download]):not([target])'
SEEN = (
    """(links) => links.filter((one) => one.offsetParent !== null).map((one) => one.getAttribute('href'))"""
)
ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REVIEW_LISTS = {f"/console/review{one}" for one in ("", *(f"?show={show}" for show in get_args(Show)[1:]))}


@pytest.fixture
async def chen(office):
    """小陈, with a report on each tab of the review page and something in every other area."""
    chen = await office.desk_of("小陈")
    phone = await office.phone_of("老马")
    ids = [uuid4() for _ in range(5)]
    for number, client_id in enumerate(ids):
        await phone.submit(
            a_report(a_picture((40 * number, 90, 120)), text=f"第{number + 1}处坑槽"), client_id
        )
    accepted, asked, answered, declined, _ = [await Observation.get(client_id=one) for one in ids]
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem", "lead_unit": "市住建局"}
    await chen.post(f"/review/{accepted.id}/acceptance", form)
    await chen.post(f"/review/{asked.id}/question", {"version": 1, "reason": "unclear_place"})
    await chen.post(f"/review/{declined.id}/refusal", {"version": 1, "reason": "not_reform"})
    await phone.post(
        f"/observations/{answered.client_id}/messages",
        json={"text": "还没有人来修。"},
        headers={"idempotency-key": str(uuid4())},
    )
    late = business_date(office.watch.now()) - timedelta(days=3)
    await Observation.filter(id=answered.id).update(promised_on=late)
    await fill_the_rooms(office, chen)
    await LedgerItem.all().update(due_on=late)
    return chen


@pytest.fixture
async def desks(office, chen):
    """A person of every role that uses a desk."""
    others = {
        role: await office.desk_of(role.label, role)
        for role in (Role.OFFICE_LEAD, Role.LEADING_OFFICIAL, Role.AUDITOR, Role.ADMINISTRATOR)
    }
    at_the_unit = {
        role: await office.desk_of(role.label, role, organisation=office.bureau)
        for role in (Role.DEPARTMENT_CONTACT, Role.COMMISSIONER)
    }
    return {Role.OFFICE_STAFF: chen} | others | at_the_unit


async def test_a_click_on_a_row_of_any_list_opens_it_for_everybody_at_a_desk(window, desks):
    """Follow tabs and buttons by their addresses; of similar rows in a list, click one."""
    for role, desk in desks.items():
        async with window(desk) as one:
            await one.open("/console")
            lists, clicked = await one.page.eval_on_selector_all(PLACES, SEEN), set()
            for path in lists:
                await one.open(path)
                for href in await one.page.eval_on_selector_all(LINKS, SEEN):
                    if is_row(href) and (kind := (path, bare(href))) not in clicked:
                        clicked.add(kind)
                        assert await opened_by_click(one, path, href) == 200, (role, path, href)
                    elif not is_row(href) and bare(href) not in {bare(known) for known in lists}:
                        answer = await desk.get(href.removeprefix("/console"))
                        assert answer.status_code == 200, (role, path, href)
                        lists += [href] if "text/html" in answer.headers["content-type"] else []
            if role is Role.OFFICE_STAFF:
                walked = {path for path, href in clicked if href[0] == "/console/review/…"}
                assert walked >= REVIEW_LISTS


async def opened_by_click(one, path, href):
    """Return the status that a click on a row gets."""
    if one.page.url != f"{one.base_url}{path}":
        await one.open(path)
    asked = ("document", "xhr")
    async with one.page.expect_response(lambda told: told.request.resource_type in asked) as told:
        await one.page.locator(f'main a[href="{href}"]:visible').first.click()
    answer = await told.value
    await one.page.wait_for_load_state()
    return answer.status


def is_row(href):
    return bool(ANY_ID.search(href))


def bare(href):
    """Return an address without ids and chosen values, which is equal for all rows and filters of one list."""
    path, _, query = ANY_ID.sub("…", href).partition("#")[0].partition("?")
    return path, *sorted(
        one if one.startswith("show=") else one.partition("=")[0] for one in query.split("&")
    )
