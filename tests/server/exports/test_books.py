"""Every list is exported as the sheet of exactly that list, to people who may see it, and no cell is a formula."""

from datetime import date
from uuid import uuid4

import pytest

from models import Export, Observation, Person, TeamMember
from models.vocabulary import ExportState, MemberSource, ProblemSourceKind, Role
from server import exports, people, problems, team
from server.exports.book import Column
from server.exports.books import BOOKS
from server.gateways.workbooks import read_sheet
from server.people import NotAllowed, RosterFilter
from server.problems import NewProblem, ProblemFilter, Source
from server.team.planning import NewMission, NewStop
from tests.conftest import a_report, until
from tests.factories import registered_item

EVIL = "=HYPERLINK(1)"


@pytest.fixture
async def lead(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


async def sheet(office, kind, by, **wanted):
    """Return the rows of a book as they are read back, each by its headers."""
    shape = BOOKS[kind].shape(**wanted)
    export = await exports.ask_export(shape, kind=kind, by=by, now=office.watch.now())

    async def ready():
        return await Export.get_or_none(id=export.id, state=ExportState.READY)

    await until(ready)
    tools = office.tools
    _, content = await exports.fetch(
        export.id, by=by, storage=tools.storage, keys=tools.keys, now=tools.clock.now()
    )
    header, *rows = [row.cells for row in read_sheet(content)[2:]]
    return [dict(zip(header, row, strict=False)) for row in rows]


async def test_reports_go_out_by_their_line_and_without_who_sent_them(office, lead):
    laoma = await office.phone_of("老马")
    for text in (EVIL, "第二件"):
        assert (await laoma.submit(a_report(text=text), uuid4())).status_code == 201
    await Observation.filter(text="第二件").update(promised_on=date(2026, 1, 5))

    rows = await sheet(office, "reports", lead)

    assert [row["情况"] for row in rows] == ["第二件", EVIL]
    assert "老马" not in str(rows)
    assert str(laoma.person.id) not in str(rows)
    assert [row["情况"] for row in await sheet(office, "reports", lead, show="overdue")] == ["第二件"]


async def test_problems_people_and_members_go_out_as_they_are_listed(office, lead):
    await problems.take_in(
        NewProblem(EVIL, "多次反映", ""),
        sources=[Source(ProblemSourceKind.BY_HAND, words="调研")],
        by=lead,
        now=office.watch.now(),
    )
    laoma = await office.enrol("老马", Role.TEAM_MEMBER)
    await team.enlist(
        laoma.id,
        source=MemberSource.CITIZEN,
        deputy_kind=None,
        organisation_id=office.root.id,
        by=lead,
        now=office.watch.now(),
    )

    assert [row["标题"] for row in await sheet(office, "problems", lead)] == [EVIL]
    members = await sheet(office, "team", lead)
    assert [(row["称呼"], row["队员证有效期至"]) for row in members] == [("老马", None)]
    assert await TeamMember.all().count() == 1
    listed = await people.roster(lead, RosterFilter())
    roster = await sheet(office, "people", lead)
    assert [row["称呼"] for row in roster] == [one.designation for one in listed]
    assert "督察队员" in next(row["职责"] for row in roster if row["称呼"] == "老马")
    assert await sheet(office, "cases", lead) == []
    mission = NewMission(title="夜查窗口", planned_on=date(2026, 12, 1), stops=[NewStop("市民大厅")])
    await team.plan_mission(mission, by=lead, now=office.watch.now())
    (going,) = await sheet(office, "missions", lead)
    assert (going["任务"], going["状态"], going["已查检查项"]) == ("夜查窗口", "筹备中", "0/0")
    assert ProblemFilter() == BOOKS["problems"].shape()


async def test_the_journal_goes_out_in_words_and_a_reporter_stays_unnamed(office, lead):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(), uuid4())
    rows = await sheet(office, "journal", lead)
    told = {row["做了什么"]: row["谁"] for row in rows}
    assert told["收到上报，附照片1张"] == "上报人"
    numbers = [row["序号"] for row in rows]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("kind", sorted(BOOKS))
async def test_a_book_is_for_those_who_see_its_list(office, kind):
    laozhang = await office.actor(await office.enrol("老张", Role.CITIZEN))
    with pytest.raises(NotAllowed):
        await exports.ask_export(BOOKS[kind].shape(), kind=kind, by=laozhang, now=office.watch.now())
    assert not await Export.exists()


async def test_a_unit_takes_away_its_own_bank_and_not_the_city_s(office, lead):
    await problems.take_in(
        NewProblem("市里的问题", "", ""),
        sources=[Source(ProblemSourceKind.BY_HAND, words="调研")],
        by=lead,
        now=office.watch.now(),
    )
    zhou = await office.actor(await office.enrol("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau))
    assert await sheet(office, "problems", zhou) == []


def test_headers_of_a_book_are_told_apart():
    for book in BOOKS.values():
        headers = [column.header for column in book.columns]
        assert len(set(headers)) == len(headers), book.kind
        assert all(isinstance(column, Column) for column in book.columns)


async def test_the_number_of_rows_is_told_before_the_file_is_made(office, lead):
    await registered_item(office, by=await Person.get(id=lead.person.id))
    await office.stop_working()
    asked = await exports.ask_export(BOOKS["ledger"].shape(), by=lead, now=office.watch.now())
    assert asked.total == 1
    office.start_working()
