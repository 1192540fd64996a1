"""The cockpit: every number is the length of the list behind it, and the rate is shown with its formula."""

import gzip
import re
from datetime import timedelta

from models.vocabulary import LedgerState, Light, Role
from server import ledger
from server.kernel.clock import business_date
from server.web.console import statics
from tests.factories import registered_item
from tests.server.web.console.test_home import length_of


async def register(office, by, **fields):
    await registered_item(office, by=by, **fields)


async def fill(office, by):
    now = office.watch.now()
    today, bureau = business_date(now), office.bureau.id
    closed = {"state": LedgerState.CLOSED, "lead_unit_id": bureau, "closed_at": now}
    await register(office, by)
    await register(
        office, by, state=LedgerState.IN_PROGRESS, lead_unit_id=bureau, due_on=today - timedelta(9)
    )
    await register(office, by, **closed, due_on=today)
    await register(office, by, **closed, due_on=today - timedelta(1))
    await register(office, by, **closed, due_on=today + timedelta(5))
    await register(office, by, **closed)  # without a deadline: in no rate


async def test_every_number_with_a_list_is_its_length(office):
    chen = await office.desk_of("小陈")
    await fill(office, chen)

    page = (await chen.get("/cockpit")).text

    linked = re.findall(r'<a class="number[^"]*" href="/console([^"]+)"><b>(\d+)</b>', page)
    linked += re.findall(r'<a href="/console(/ledger\?[^"]+)">[^<]+</a></th><td>(\d+)</td>', page)
    linked += re.findall(r'<td><a href="/console(/ledger\?[^"]+)">(\d+)</a>', page)
    linked += re.findall(r'<a href="/console(/ledger\?[^"]+)">(\d+)条</a>', page)
    year, unit, months, rate = 1, 1, 2, 2
    assert len(linked) == year + len(LedgerState) + len(Light) + unit + months + rate
    for path, count in linked:
        answer = await chen.get(path.replace("&amp;", "&"))
        assert (path, length_of(answer.text)) == (path, int(count))


async def test_the_rate_counts_closed_items_that_had_a_deadline(office):
    chen = await office.desk_of("小陈")
    await fill(office, chen)
    page = (await chen.get("/cockpit")).text
    assert "<b>66.7%</b><span>按期销号率" in page
    told = re.sub(r"<[^>]+>", "", page)
    assert "期限当日或之前销号的2条÷有期限且已销号的3条" in told
    assert "截至" in page


async def test_the_sums_agree_with_one_another(office):
    chen = await office.desk_of("小陈")
    await fill(office, chen)
    today = business_date(office.watch.now())
    actor = await office.actor(chen.person)
    found = await ledger.summary(actor, year=today.year, today=today)
    assert (
        found.total == sum(found.states.values()) == sum(found.lights.values()) == sum(found.registered) == 6
    )
    assert (found.lights["red"], found.closed[today.month - 1]) == (1, 4)


async def test_a_unit_sees_the_sums_of_its_own_items(office):
    chen = await office.desk_of("小陈")
    await fill(office, chen)
    unit = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert "<b>5</b><span>" in (await unit.get("/cockpit")).text


async def test_an_empty_year_has_no_rate(office):
    chen = await office.desk_of("小陈")
    assert "<b>—</b><span>按期销号率" in (await chen.get("/cockpit?year=2001")).text


async def test_the_charts_are_light_enough(office):
    page = (await (await office.desk_of("小陈")).get("/cockpit")).text
    files = set(re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page))
    packed = [statics.warm()[file.split("/", 4)[4]] for file in files]
    assert any("echarts" in file for file in files)
    assert (
        sum(len(file.packed or file.content) for file in packed) + len(gzip.compress(page.encode())) < 500_000
    )
