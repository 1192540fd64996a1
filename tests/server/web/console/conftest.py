"""Fixtures that the console's tests share."""

import asyncio
import logging
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import pytest

from models import AnnualTaskList, ReformTask
from models.vocabulary import Role, TaskListState


@pytest.fixture
async def a_task(office):
    """Create a task of this year that the housing bureau leads."""
    now = office.watch.now()
    leader = await office.enrol("祁书记", Role.LEADING_OFFICIAL)
    task_list = await AnnualTaskList.create(
        year=now.year,
        version=1,
        state=TaskListState.PUBLISHED,
        digest="0" * 64,
        source_name="a",
        published_at=now,
    )
    return await ReformTask.create(
        task_list=task_list,
        year=now.year,
        code=f"{now.year}-01",
        measure=9,
        name="老旧小区改造",
        lead_unit=office.bureau,
        leading_official=leader,
        due_on=date(now.year, 12, 31),
    )


@pytest.fixture
def count_queries():
    """Counts the statements that this test's own task sends to the database, without the worker's."""

    @contextmanager
    def counting():
        counter = SimpleNamespace(count=0)
        handler = logging.Handler()
        mine = asyncio.current_task()

        def note(_):
            counter.count += asyncio.current_task() is mine

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

    return counting
