"""The duty sheet (M01): each of its figures equals the list that it leads to; as page, PDF and Word document."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document

from models import AnnualTaskList, ReformTask
from models.vocabulary import ProofKind, Role, TaskListState
from server import duty_sheets, letters, meetings
from server.letters.commands import Draft
from server.meetings.commands import PutDecision, RecordMeeting
from server.web.console.duty_sheets import link
from tests.factories import dispatched_item, registered_item
from tests.server.obligations.conftest import OF_OFFICE, City

DAY = date(2026, 11, 12)
FIGURE = re.compile(r'<a href="(/console/[^"]+)">([^<]+)</a><b class="number-text">(\d+)</b>')
TOTAL = re.compile(r'id="total">(\d+)<')


@pytest.fixture
async def city(office):
    """An official who leads one of two tasks, with items in several colours, a meeting, a letter and obligations."""
    found = await City(office).open()
    found.head = await office.enrol("市委副书记", Role.LEADING_OFFICIAL)
    found.other = await office.enrol("副市长", Role.LEADING_OFFICIAL)
    told = {"state": TaskListState.PUBLISHED, "source_name": "清单.xlsx", "digest": "0" * 64}
    listed = await AnnualTaskList.create(year=2026, version=1, published_at=found.now, **told)
    found.tasks = [
        await ReformTask.create(
            task_list=listed,
            year=2026,
            code=f"2026-0{number}",
            measure=9,
            name=f"改革任务{number}",
            lead_unit=office.bureau,
            leading_official=head,
            due_on=date(2026, 12, 31),
        )
        for number, head in enumerate((found.head, found.other), start=1)
    ]
    await found.open_day(date(2026, 11, 1), OF_OFFICE)
    found.at(DAY)
    await some_work(found)
    found.desk = await office.desk_of("小陈乙")
    return found


async def some_work(city):
    for task, due_on in ((0, DAY + timedelta(days=60)), (0, DAY - timedelta(days=1)), (1, DAY)):
        day = city.now - timedelta(days=10)
        new = {"task_id": city.tasks[task].id}
        item = await dispatched_item(city.office, by=city.luo, due_on=due_on, now=day, new=new, title="坑槽")
        kinds = letters.kinds_of("yinchuan")
        if task == 0:
            await letters.issue(
                item.id, Draft(kind="dispatch_letter"), by=city.chen, now=city.now, kinds=kinds
            )
    await registered_item(city.office, by=city.luo, new={"task_id": city.tasks[0].id})
    for chair in (city.head, city.other, None):
        told = {"kind": ProofKind.THEMATIC_MEETING, "title": "专题会议", "held_on": DAY}
        command = RecordMeeting(**told, chair_id=chair.id if chair else None, decisions=["打通接口"])
        meeting, _ = await meetings.record(command, by=city.chen, now=city.now)
    (decision,) = await meetings.decisions_of(meeting)
    put = PutDecision(decision_id=decision.id, unit_id=city.office.bureau.id, days=9)
    await meetings.put_decision(meeting.id, put, by=city.chen, now=city.now)
    await city.hand_in(
        "research_topic", ProofKind.RESEARCH_TOPIC, DAY, by=city.zhou, organisation=city.office.bureau
    )


async def figures_of(city, query=""):
    page = (await city.desk.get(f"/duty-sheets/{city.head.id}{query}")).text
    found = [(link.replace("&amp;", "&"), label, int(count)) for link, label, count in FIGURE.findall(page)]
    return {label: (link, count) for link, label, count in found}


@pytest.mark.parametrize(
    "query", ["", "?until=2026-11-03", "?until=2026-11-11", "?year=2025", "?until=2026-12-31"]
)
async def test_m01_at3_every_figure_of_the_duty_sheet_equals_the_list_behind_it(city, query):
    found = await figures_of(city, query)
    assert len(found) > 20
    for label, (address, count) in found.items():
        shown = TOTAL.search((await city.desk.get(address.removeprefix("/console"))).text)
        assert (label, int(shown[1]) if shown else 0) == (
            label,
            count,
        )  # a year without a task list tells none


async def test_the_figures_are_those_of_the_officials_own_tasks(city):
    found = {label: count for label, (_, count) in (await figures_of(city)).items()}
    told = {"牵头改革任务": 1, "主持会议": 1, "挂号事项": 3, "逾期（红灯）": 1, "签发函件": 2, "定期任务": 1}
    assert {label: found[label] for label in told} == told
    before = {label: count for label, (_, count) in (await figures_of(city, "?until=2026-11-11")).items()}
    assert (before["主持会议"], before["挂号事项"], before["签发函件"]) == (0, 2, 0)


async def test_a_sheet_is_read_by_the_office_and_by_the_official_and_nobody_else(city):
    kinds = letters.kinds_of("yinchuan")
    told = {"year": 2026, "until": DAY, "today": DAY, "kinds": kinds}
    own = await city.office.actor(city.head)
    assert [one.id for one in await duty_sheets.officials_seen_by(own)] == [city.head.id]
    assert (await duty_sheets.sheet_of(own, city.head.id, **told)).official.id == city.head.id
    for actor, whose in ((own, city.other), (city.zhou, city.head)):
        with pytest.raises(duty_sheets.NoSuchThing):
            await duty_sheets.sheet_of(actor, whose.id, **told)


async def test_the_paper_holds_the_figures_of_the_page(city):
    here = f"/duty-sheets/{city.head.id}"
    word = await city.desk.get(f"{here}/docx")
    tables = Document(BytesIO(word.content)).tables
    told = {row.cells[0].text: int(row.cells[1].text) for table in tables for row in table.rows}
    assert told == {label: count for label, (_, count) in (await figures_of(city)).items()}
    pdf = await city.desk.get(f"{here}/pdf")
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF-")
    assert "attachment" in pdf.headers["content-disposition"]


def test_every_kind_of_filter_has_a_page():
    with pytest.raises(KeyError):
        link(RecordMeeting(kind=ProofKind.DOCUMENT, title="会议", held_on=DAY))
