"""Reads of the published list."""

import logging
from uuid import uuid4

import pytest

from models.vocabulary import Role
from server import tasks
from tests.server.tasks.conftest import a_row


class Statements(logging.Handler):
    """Records Tortoise's queries, without the worker's, which reads the journal meanwhile."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.texts = []

    def emit(self, record):
        if "SELECT" in record.getMessage() and "journal_entry" not in record.getMessage():
            self.texts.append(record.getMessage())


@pytest.fixture
def statements():
    log = logging.getLogger("tortoise.db_client")
    handler, level = Statements(), log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    yield handler.texts
    log.removeHandler(handler)
    log.setLevel(level)
    log.propagate = True


async def test_a_long_list_costs_as_many_queries_as_a_short_one(city, statements):
    await city.publish(a_row(1))
    statements.clear()
    await tasks.current_tasks(2026)
    short = len(statements)

    await city.publish(*[a_row(number) for number in range(1, 31)])
    statements.clear()
    whole = await tasks.current_tasks(2026)

    assert (len(whole), len(statements)) == (30, short)
    assert short == 5  # the tasks, and two for each of their lists


async def test_everybody_finds_his_own_tasks(city):
    await city.publish(
        a_row(1),
        a_row(2, commissioners="周明", supporting_units="东山区"),
        a_row(3, commissioners="周明", lead_unit="东山区", supporting_units="市财政局"),
    )
    ma = await city.office.enrol("老马", Role.TEAM_MEMBER)
    ma.organisation_id = None

    async def codes(person):
        return [task.code[-2:] for task in await tasks.tasks_of(person, year=2026)]

    assert await codes(city.wang) == ["01", "02"]  # answers for the first; the bureau leads both
    assert await codes(city.zhou) == ["01", "02", "03"]
    assert await codes(city.qi) == ["01", "02", "03"]
    assert await codes(ma) == []


async def test_an_unknown_task_is_refused(city):
    with pytest.raises(tasks.TaskUnknown):
        await tasks.task(uuid4())


async def test_a_year_without_a_list_has_no_tasks(city):
    assert await tasks.current_list(2030) is None
    assert await tasks.current_tasks(2030) == []
