"""What a page may ask of the database: so many statements, and no more for three rows than for one."""

import pytest

from models.vocabulary import Role
from tests.conftest import a_picture, a_report
from tests.factories import registered_item
from tests.statements import Statements

DESK = {  # page of the office lead: most statements, with those that admit the reader
    "": 12,
    "/review/list": 12,  # the queue; the page opens the first report beside it
    "/ledger": 12,
    "/cockpit": 6,
    "/map": 10,
}
PHONE = {"/ledger-items": 5, "/ledger-items?light=yellow": 6, "/to-do": 8}


@pytest.fixture
async def quiet(office):
    """The office without a worker, whose statements would be counted too."""
    await office.stop_working()
    return office


async def add(office, by, reporter, number):
    await registered_item(office, by=by, wgs_latitude=38.4 + number / 100, wgs_longitude=106.2)
    assert (await reporter.submit(a_report(a_picture((number, 90, 90))))).status_code == 201


async def counted(get, path):
    with Statements() as sent:
        answer = await get(path)
    assert answer.status_code == 200, answer.text
    return len(sent), [one.sql[:150] for one in sent]


async def test_pages_keep_to_their_statements(quiet):
    lead = await quiet.desk_of("罗主任", Role.OFFICE_LEAD)
    phone = await quiet.phone_of("小陈", Role.OFFICE_STAFF)
    reporter = await quiet.phone_of("队员", Role.TEAM_MEMBER)
    asked = [(lead.get, path, most) for path, most in DESK.items()]
    asked += [(phone.get, path, most) for path, most in PHONE.items()]
    told = {}
    for rows in (1, 3):
        for number in range(2 * rows - 1):
            await add(quiet, lead, reporter, 10 * rows + number)
        for get, path, most in asked:
            await get(path)  # what a process reads once
            count, sent = await counted(get, path)
            assert count <= most, (path, count, sent)
            told.setdefault(path, set()).add(count)
    assert {path: counts for path, counts in told.items() if len(counts) > 1} == {}
