"""A list of three rows takes as many queries as a list of one: every page and list, requested by whom sees most."""

import logging
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest

from models import (
    AnnualTaskList,
    CasePicture,
    ContentCheck,
    LedgerItem,
    Observation,
    ReformTask,
    TeamMember,
)
from models.vocabulary import ContentState, LedgerState, MemberSource, Role, TaskListState
from server.people import GRANTS
from tests.access.asking import ask
from tests.access.city import NOON, NUMBERS, a_city, a_row, belongings, enrolled
from tests.access.test_access import ROUTES
from tests.never_too_often import NeverTooOften

WHO = (Role.OFFICE_LEAD, Role.DEPARTMENT_CONTACT, Role.COMMISSIONER, Role.TEAM_MEMBER)
LISTS = [
    name for name in ROUTES if name.startswith("GET ") and "<" not in name and ROUTES[name].ctx.guard.channel
]
# The lists that grow with this city's rows; a missing list would be measured in vain.
GROWING = {
    "GET /api/v1/cases",
    "GET /api/v1/inbox",
    "GET /api/v1/ledger-items",
    "GET /api/v1/letters",
    "GET /api/v1/missions",
    "GET /api/v1/obligations",
    "GET /api/v1/observations",
    "GET /api/v1/problems",
    "GET /api/v1/site-visits",
    "GET /api/v1/tasks",
    "GET /api/v1/to-do",
    "GET /console",
    "GET /console/cases",
    "GET /console/cockpit",
    "GET /console/exports",
    "GET /console/journal",
    "GET /console/ledger",
    "GET /console/ledger/imports",
    "GET /console/letters",
    "GET /console/map",
    "GET /console/meetings",
    "GET /console/missions",
    "GET /console/month-reports",
    "GET /console/month-reports/requests",
    "GET /console/obligations",
    "GET /console/obligations/list",
    "GET /console/people",
    "GET /console/problems",
    "GET /console/reasons",
    "GET /console/review?show=decided",
    "GET /console/tasks",
    "GET /console/team",
    "GET /console/topic-calls",
    "GET /console/topic-calls/media",
}


@pytest.fixture
async def city(office):
    """One of everything for everybody; no worker and no limit disturbs the counting."""
    office.tools.redis.limiter = NeverTooOften()
    await office.stop_working()
    found = await a_city(office)
    found.year = await a_row(
        AnnualTaskList, year=office.watch.now().year, version=1, state=TaskListState.PUBLISHED
    )
    await more(found)
    return found


async def more(city):
    """Add another of everything for everybody, and another task, colleague and place on the map."""
    office = city.office
    for person in city.people.values():
        unit = await person.organisation if person.organisation_id else office.bureau
        own = await belongings(office, person, office.root, unit or office.bureau)
        stands = {"state": LedgerState.DISPATCHED, "year": city.year.year, "wgs_longitude": 106.2}
        stands |= {"wgs_latitude": 38.4 + next(NUMBERS) / 1000, "dispatched_at": office.watch.now()}
        await LedgerItem.filter(id=own.ids["item_id"]).update(**stands)
    member = await enrolled(office, Role.TEAM_MEMBER, office.root)
    await a_row(TeamMember, person=member, organisation=office.root, source=MemberSource.MEDIA_WORKER)
    await enrolled(office, Role.OFFICE_STAFF, office.root)
    year = city.year.year
    await a_row(
        ReformTask,
        task_list=city.year,
        year=year,
        code=f"{year}-{next(NUMBERS)}",
        measure=9,
        lead_unit=office.bureau,
        leading_official=city.people[Role.LEADING_OFFICIAL],
        due_on=date(year, 12, 31),
    )


async def test_a_list_of_three_costs_as_many_queries_as_a_list_of_one(city):
    await measured(city)  # templates, packs and sessions are read once
    before = await measured(city)
    await more(city)
    await more(city)
    after = await measured(city)
    assert all(one.queries for one in before.values())
    dearer = {asked: (before[asked].queries, after[asked].queries) for asked in before}
    assert {asked: pair for asked, pair in dearer.items() if pair[0] != pair[1]} == {}
    grew = {name for name, who in before if after[name, who].length > before[name, who].length}
    assert GROWING - grew == set()


async def test_the_photos_of_a_case_are_asked_about_all_at_once(city):
    """One reporter's photo or three from three reports: the pages of a case cost the same."""
    own = city.things[Role.OFFICE_LEAD]["own"]
    pages = [
        "GET /console/cases/<case_id:uuid>",
        "GET /console/cases/new",
        "GET /api/v1/cases/<case_id:uuid>",
    ]

    async def costs():
        found = []
        for name in pages:
            who = city.people[Role.COMMISSIONER if "/api/" in name else Role.OFFICE_LEAD]
            with counting() as counter:
                answer = await ask(city, ROUTES[name], "GET", who=who, thing=own)
            assert answer.status_code == 200, answer.text
            found.append((counter.count, answer.text.count('name="picture-')))
        return found

    await LedgerItem.filter(id=own.ids["item_id"]).update(commissioner=city.people[Role.COMMISSIONER])
    await show_another_photo(own)
    await costs()
    before = await costs()
    for _ in range(2):
        await show_another_photo(
            await belongings(city.office, own.person, city.office.root, city.office.bureau), of=own
        )
    after = await costs()
    assert [queries for queries, _ in after] == [queries for queries, _ in before]
    assert sum(pictures for _, pictures in after) > sum(pictures for _, pictures in before)


async def show_another_photo(report, *, of=None):
    """Add a passed photo of a report to the pictures of a case whose item the report belongs to."""
    told = of or report
    ids = {"case_id": told.ids["case_id"], "photo_id": report.ids["photo_id"]}
    await Observation.filter(id=report.ids["observation_id"]).update(ledger_item_id=told.ids["item_id"])
    await ContentCheck.filter(id=report.ids["check_id"]).update(state=ContentState.PASS, answered_at=NOON)
    await CasePicture.create(
        **ids, position=await CasePicture.filter(case_id=told.ids["case_id"]).count() + 1
    )


async def measured(city):
    """Return the queries and length of every list, by list and person."""
    found = {}
    for name in [*LISTS, "GET /console/contents?show=pending", "GET /console/review?show=decided"]:
        route, _, query = name.partition("?")
        permission = ROUTES[route].ctx.guard.permission
        for role in WHO:
            if permission and role not in GRANTS[permission]:
                continue
            with counting() as counter:
                answer = await ask(city, ROUTES[route], "GET", who=city.people[role], thing=None, query=query)
            if answer.status_code == 200:
                found[name, role] = SimpleNamespace(queries=counter.count, length=len(answer.content))
    return found


@contextmanager
def counting():
    """Counts the statements that the server sends to the database."""
    counter, handler = SimpleNamespace(count=0), logging.Handler()

    def note(_):
        counter.count += 1

    handler.emit = note
    logger = logging.getLogger("tortoise.db_client")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield counter
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
