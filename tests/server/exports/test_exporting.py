"""The ledger as a sheet: the columns of the import, each person's own file only, deleted after a day."""

from datetime import timedelta

import pytest

from models import Export, JournalEntry, LedgerItem
from models.vocabulary import ExportState, ObservationKind, Role
from server import exports
from server.exports.book import BATCH, cells_of
from server.exports.books import BOOKS
from server.gateways.workbooks import read_sheet
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.ledger import LedgerView
from server.people import NotAllowed
from tests.conftest import until, who_did
from tests.factories import registered_item

LEDGER = BOOKS["ledger"]
HOSTILE = ["=1+1", "@SUM(A1)", "-2+3", "＝cmd|' /C calc'!A0", "第一行\n第二行", "<b>&amp;</b>"]


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def register(office, by, *titles):
    for title in titles:
        await registered_item(office, by=by, title=title)


async def made(office, export):
    async def ready():
        found = await Export.get(id=export.id)
        return found if found.state is ExportState.READY else None

    return await until(ready)


async def fetched(office, export, by):
    tools = office.tools
    return await exports.fetch(
        export.id, by=by, storage=tools.storage, keys=tools.keys, now=tools.clock.now()
    )


async def test_what_goes_out_reads_back_as_the_same_values(office, chen):
    await register(office, chen, *HOSTILE)

    export = await exports.ask_export(LedgerView(), by=chen, now=office.watch.now())
    await made(office, export)
    _, content = await fetched(office, export, chen)

    header, *rows = [row.cells for row in read_sheet(content)[2:]]
    assert list(header) == [column.header for column in LEDGER.columns]
    kept = await LedgerItem.all().order_by("registered_at", "id").values(*LEDGER.fields)
    await LEDGER.complete(kept)
    assert [list(row) for row in rows] == [cells_of(LEDGER, one) for one in kept]
    assert [row[1] for row in rows] == HOSTILE


async def test_a_unit_takes_home_the_day_and_no_spot(office, chen):
    await register(office, chen, "路口坑槽")
    await LedgerItem.all().update(
        lead_unit_id=office.bureau.id, wgs_latitude=38.48721, wgs_longitude=106.23091
    )
    unit = await office.actor(
        await office.enrol("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )

    export = await exports.ask_export(LedgerView(), by=unit, now=office.watch.now())
    await made(office, export)
    _, content = await fetched(office, export, unit)

    header, row = [row.cells for row in read_sheet(content)[2:]]
    told = dict(zip(header, row, strict=True))
    assert (told["纬度（WGS-84）"], told["经度（WGS-84）"]) == (None, None)
    day = business_date((await LedgerItem.get()).registered_at)
    assert str(told["挂号时间"])[:10] == day.isoformat()
    assert str(told["挂号时间"])[10:] in ("", " 00:00:00")


async def test_more_than_a_batch_comes_whole_and_in_order(office, chen):
    await register(office, chen, "第一件")
    first = await LedgerItem.first()
    await LedgerItem.bulk_create(
        LedgerItem(
            organisation=office.root,
            series="改",
            year=2000,
            number=number,
            number_text=f"改2000-{number}",
            kind=ObservationKind.PROBLEM,
            title="同一时刻",
            registered_at=first.registered_at,
            registered_by=chen.person,
        )
        for number in range(1, 2 * BATCH + 2)
    )
    export = await exports.ask_export(LedgerView(year=2000), by=chen, now=office.watch.now())
    export = await made(office, export)
    assert (export.done, export.total) == (2 * BATCH + 1, 2 * BATCH + 1)
    _, content = await fetched(office, export, chen)
    numbers = [row.cells[0] for row in read_sheet(content)[3:]]
    assert len(set(numbers)) == len(numbers) == 2 * BATCH + 1


async def test_a_file_holds_only_what_its_person_may_see(office, chen):
    await register(office, chen, "别的单位的事", "住建局的事")
    item = await LedgerItem.get(title="住建局的事")
    await LedgerItem.filter(id=item.id).update(lead_unit_id=office.bureau.id)
    contact = await office.actor(
        await office.enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )
    export = await exports.ask_export(LedgerView(), by=contact, now=office.watch.now())
    await made(office, export)
    _, content = await fetched(office, export, contact)
    assert [row.cells[1] for row in read_sheet(content)[3:]] == ["住建局的事"]


async def test_a_list_of_a_light_is_taken_away_as_that_list(office, chen):
    await register(office, chen, "逾期的事", "没有期限的事")
    late = business_date(office.watch.now()) - timedelta(days=3)
    await LedgerItem.filter(title="逾期的事").update(due_on=late)

    export = await exports.ask_export(LedgerView(light="red"), by=chen, now=office.watch.now())
    await made(office, export)
    _, content = await fetched(office, export, chen)

    assert export.total == 1
    assert [row.cells[1] for row in read_sheet(content)[3:]] == ["逾期的事"]


async def test_every_export_and_every_download_is_in_the_journal(office, chen):
    export = await exports.ask_export(LedgerView(year=2026), by=chen, now=office.watch.now())
    await made(office, export)
    await fetched(office, export, chen)
    entries = await JournalEntry.filter(subject_id=export.id).order_by("id")
    assert [(entry.event, await who_did(entry)) for entry in entries] == [
        ("export.asked", chen.person.id),
        ("export.downloaded", chen.person.id),
    ]
    assert entries[0].detail["wanted"]["year"] == 2026


async def test_nobody_fetches_anothers_file(office, chen):
    export = await exports.ask_export(LedgerView(), by=chen, now=office.watch.now())
    await made(office, export)
    zhao = await office.actor(await office.enrol("小赵", Role.OFFICE_LEAD))
    with pytest.raises(NoSuchThing):
        await fetched(office, export, zhao)
    assert await exports.exports_of(zhao) == ([], False)


async def test_after_a_day_the_file_is_gone_and_the_row_says_so(office, chen):
    export = await exports.ask_export(LedgerView(), by=chen, now=office.watch.now())
    export = await made(office, export)
    key, storage = export.key, office.tools.storage
    assert await exports.forget_exports(storage=storage, now=office.watch.now()) == 0

    tomorrow = office.watch.now() + timedelta(hours=24)
    assert await exports.forget_exports(storage=storage, now=tomorrow) == 1

    assert not await storage.exists(key)
    assert (await Export.get(id=export.id)).state is ExportState.EXPIRED
    with pytest.raises(exports.ExportNotReady):
        await fetched(office, export, chen)


async def test_a_file_past_its_day_is_not_given_out_even_before_the_sweep(office, chen):
    export = await made(office, await exports.ask_export(LedgerView(), by=chen, now=office.watch.now()))
    office.watch.ahead = timedelta(hours=25)
    with pytest.raises(exports.ExportNotReady):
        await fetched(office, export, chen)


async def test_three_at_a_time_and_what_was_never_made_is_given_up(office, chen):
    await office.stop_working()
    for _ in range(3):
        await exports.ask_export(LedgerView(), by=chen, now=office.watch.now())
    with pytest.raises(exports.TooManyExports):
        await exports.ask_export(LedgerView(), by=chen, now=office.watch.now())

    later = office.watch.now() + timedelta(hours=25)
    await exports.forget_exports(storage=office.tools.storage, now=later)

    assert await Export.filter(state=ExportState.FAILED).count() == 3
    office.start_working()


async def test_who_cannot_see_the_ledger_cannot_take_it_away(office):
    ma = await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await exports.ask_export(LedgerView(), by=ma, now=office.watch.now())
