"""Every link and every button on the pages of visits, for everybody who uses a desk: each does what it offers."""

import pytest

from models.vocabulary import Role
from server import scoring, site_visits
from tests.server.site_visits.conftest import Visit

LINKS = 'main a[href^="/console/site-visits"]:not([download]):not([target])'
SEEN = """(all) => [...new Set(all.map((one) => one.getAttribute('href').split('#')[0]).filter(Boolean))]"""
FORMS = """(all) => all.map((one) => one.getAttribute('action'))"""
OFFICE = (Role.OFFICE_STAFF, Role.OFFICE_LEAD)
AT_THE_UNIT = (Role.DEPARTMENT_CONTACT, Role.COMMISSIONER)


@pytest.fixture
async def visits(office):
    """A visit in preparation, one that runs with a doubtful check-in and a signal, and one with its result."""
    told = await (await Visit(office).enter()).publish()
    for stop in range(3):
        for n in range(5):
            await told.present(n, stop)
            await told.score(n, stop)
    await told.lock()
    await told.seal()
    await scoring.publish_result(told.visit.id, by=told.luo, now=told.now)
    running = Visit.__new__(Visit)
    running.__dict__.update(told.__dict__)
    await running.publish(title="今天的观摩")
    await running.check_in(0, await running.scanned(0, screen=await running.screen(), place=None))
    await running.present(1)
    draft = await site_visits.create_visit(
        told.plan(title="明年的观摩"), told.stops_planned(), by=told.chen, now=told.now, tools=told.tools
    )
    return {"result": told.visit, "running": running.visit, "draft": draft}


@pytest.fixture
async def desks(office, visits):
    at_office = (*OFFICE, Role.LEADING_OFFICIAL, Role.AUDITOR, Role.ADMINISTRATOR)
    desks = {role: await office.desk_of(f"某{role.label}", role) for role in at_office}
    for role in AT_THE_UNIT:
        desks[role] = await office.desk_of(f"某{role.label}", role, organisation=office.bureau)
    return desks


async def walked(one, paths):
    """Open these pages and all that they link to; returns every page's path with the actions of its forms."""
    queue, seen = list(paths), {}
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        answer = await one.page.goto(f"{one.base_url}{path}")
        assert answer.status == 200, path
        seen[path] = await one.page.eval_on_selector_all("main form[method=post]", FORMS)
        queue += await one.page.eval_on_selector_all(LINKS, SEEN)
    return seen


async def test_whoever_sees_a_link_may_follow_it_and_whoever_sees_a_button_may_press_it(
    window, desks, visits
):
    for role, desk in desks.items():
        pages = ["/console"] if role not in (*OFFICE, Role.AUDITOR) else ["/console/site-visits"]
        async with window(desk) as one:
            seen = await walked(one, pages)
        ours = {path for path in seen if "site-visits/" in path}
        actions = {action for path in ours for action in seen[path]}
        if role in OFFICE:
            assert {f"/console/site-visits/{one.id}" for one in visits.values()} <= ours
            assert len(actions) > 20
        elif role is Role.AUDITOR:
            assert f"/console/site-visits/{visits['result'].id}/result" in ours
            assert actions == set()
        elif role in AT_THE_UNIT:
            assert (ours, actions) == ({f"/console/site-visits/{visits['result'].id}/result"}, set())
        else:
            assert ours == set()
        for action in sorted(
            actions
        ):  # an empty form: refused for its fields or its state, never for the person
            answer = await desk.post(action.removeprefix("/console"), {"nothing": ""}, part=True)
            assert answer.status_code in (200, 204, 400, 409, 422), (role, action, answer.status_code)
