"""Lists longer than a page: every row can be reached, once, in the order of the list."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Export, LedgerImport, Observation
from models.vocabulary import ExportState, ImportState, Role
from models.vocabulary import ObservationState as S
from server.kernel.clock import business_date
from tests.conftest import a_report
from tests.never_too_often import NeverTooOften

REPORTS = 61
NEXT = re.compile(r'rel="next" href="/console([^"]+)"')
ROW = re.compile(r'class="queue-row"[^>]*data-id="([0-9a-f-]{36})"')


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def reports(office):
    """Sixty-one reports, each of which may be on any of the lists."""
    office.tools.redis.limiter = NeverTooOften()
    phones = [await office.phone_of(name) for name in ("老马", "老白")]  # one person may send sixty an hour
    for number in range(REPORTS):
        await phones[number % 2].submit(a_report(text=f"第{number + 1}处坑槽"), uuid4())
    return await Observation.all().order_by("received_at")


LISTS = {
    "": {"state": S.RECEIVED},
    "?show=overdue": {"state": S.RECEIVED, "promised_on": timedelta(days=-3)},
    "?show=more_asked": {"state": S.MORE_ASKED},
    "?show=answered": {"reporter_wrote_at": timedelta()},
    "?show=decided": {"state": S.DECLINED, "decided_at": timedelta()},
}


@pytest.mark.parametrize("show", LISTS)
async def test_every_report_of_every_review_list_can_be_reached(office, chen, reports, show):
    now = office.watch.now()
    facts = {
        name: (now + value if name.endswith("_at") else business_date(now + value))
        if isinstance(value, timedelta)
        else value
        for name, value in LISTS[show].items()
    }
    await Observation.all().update(**facts)  # all at one moment: ids break the tie

    pages = await walked(chen, f"/review{show}", row=ROW)

    assert [len(rows) for rows in pages] == [50, 11]
    assert {one for rows in pages for one in rows} == {str(one.id) for one in reports}
    last = (await chen.get(f"/review{show}")).text
    assert f"共{REPORTS}条" in last


async def test_the_list_comes_anew_where_one_is(chen, reports):
    second = NEXT.search((await chen.get("/review")).text)[1]
    page = (await chen.get(second)).text
    assert "回到第一页" in page
    itself = re.search(r'id="queue" hx-get="/console([^"]+)"', page)[1].replace("&amp;", "&")
    part = (await chen.get(itself, part=True)).text
    assert ROW.findall(part) == ROW.findall(page)
    row = re.search(r'class="queue-row" href="/console([^"]+)"', page)[1].replace("&amp;", "&")
    assert ROW.findall((await chen.get(row)).text) == ROW.findall(page)


async def test_a_cursor_of_another_office_s_report_leads_nowhere(chen, reports):
    assert (await chen.get(f"/review?after={uuid4()}")).status_code == 404


async def test_the_phone_reaches_every_report_too(office, reports):
    phone = await office.phone_of("小高", Role.OFFICE_STAFF)
    for show in ("waiting", "decided"):
        if show == "decided":
            await Observation.all().update(state=S.DECLINED, decided_at=office.watch.now())
        found, cursor = [], ""
        while cursor is not None:
            page = (await phone.get(f"/reviews?show={show}&limit=20{cursor}")).json()
            found += [one["id"] for one in page["items"]]
            assert page["total"] == REPORTS
            cursor = f"&cursor={page['cursor']}" if page["cursor"] else None
        assert sorted(found) == sorted(str(one.id) for one in reports)


async def test_every_file_and_every_import_can_be_reached(office, chen):
    now, person = office.watch.now(), chen.person
    for number in range(REPORTS):
        at = now - timedelta(minutes=number)
        asked = {"person": person, "kind": "ledger", "state": ExportState.EXPIRED, "asked_at": at}
        await Export.create(**asked, total=number + 1000, wanted={})
        sheet = {"person": person, "state": ImportState.REFUSED, "changes": [], "total": number + 1000}
        times = {"previewed_at": at, "confirmed_at": at, "expires_at": at}
        await LedgerImport.create(**sheet, **times, source_name="台账.xlsx")
    total = re.compile(r'class="number-text" data-label="(?:条数|件数)">(\d+)<')
    for path, lengths in (("/exports", [50, 11]), ("/ledger/imports", [10] * 6 + [1])):
        pages = await walked(chen, path, row=total)
        assert [len(rows) for rows in pages] == lengths
        assert [row for rows in pages for row in rows] == [str(1000 + number) for number in range(REPORTS)]


async def walked(desk, path, *, row):
    """Return the rows of all pages of a list, following the link to the next page."""
    pages = []
    while path:
        page = (await desk.get(path)).text
        pages.append(row.findall(page))
        found = NEXT.search(page)
        path = found[1].replace("&amp;", "&") if found else ""
    return pages
