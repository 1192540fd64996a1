"""A problem that comes back is flagged with what it repeats (PRB-05)."""

from datetime import timedelta

import pytest

from models import Problem
from models.vocabulary import ProblemCause, ProblemState, Role
from server import problems
from server.problems import NewProblem
from server.problems.recurring import reasons_to_see

HERE = (38.4872, 106.2309)
METRES = 111_195.0
TRIAGED = {"cause": ProblemCause.COORDINATION, "kind": "bottleneck", "difficulty": "hard", "solver": "city"}


async def taken_in(office, actor, **columns):
    problem = await problems.take_in(NewProblem("路口坑槽反复出现"), by=actor, now=office.watch.now())
    await Problem.filter(id=problem.id).update(**columns)
    return await Problem.get(id=problem.id).select_related("item")


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


@pytest.mark.parametrize(
    ("metres", "days", "is_settled", "recurs"),
    [
        (199, 1, True, True),
        (201, 1, True, False),
        (10, 180, True, True),
        (10, 181, True, False),
        (10, 1, False, False),
    ],
)
async def test_prb_05_within_180_days_and_200_metres_of_one_that_was_closed(
    office, chen, metres, days, is_settled, recurs
):
    closed_at = office.watch.now() - timedelta(days=days)
    state = ProblemState.SETTLED if is_settled else ProblemState.TRIAGED
    earlier = await taken_in(
        office,
        chen,
        wgs_latitude=HERE[0] + metres / METRES,
        wgs_longitude=HERE[1],
        touched_at=closed_at,
        collected_at=closed_at - timedelta(days=9),
        state=state,
        **TRIAGED,
    )
    later = await taken_in(
        office,
        chen,
        wgs_latitude=HERE[0],
        wgs_longitude=HERE[1],
        collected_at=closed_at + timedelta(days=days),
    )
    assert bool(reasons_to_see(later, earlier)) is recurs


async def test_prb_05_the_same_cause_in_one_bank_is_flagged_on_the_page_and_counted_by_cause(office, chen):
    desk = await office.desk_of("小李", Role.OFFICE_STAFF)
    now = office.watch.now()
    earlier = await taken_in(
        office,
        chen,
        state=ProblemState.SETTLED,
        touched_at=now - timedelta(days=30),
        collected_at=now - timedelta(days=60),
        **TRIAGED,
    )
    later = await taken_in(office, chen, state=ProblemState.TRIAGED, **TRIAGED)
    other = await taken_in(office, chen)

    page = (await desk.get(f"/problems/{later.id}")).text
    assert "可能是回潮" in page
    assert earlier.number_text in page
    assert "成因相同（协同不够）" in page
    assert "可能是回潮" not in (await desk.get(f"/problems/{other.id}")).text
    groups = {one.cause: one for one in await problems.causes_of(chen, now=office.watch.now())}
    assert (groups[ProblemCause.COORDINATION].total, groups[ProblemCause.COORDINATION].recurred) == (2, 1)
    assert groups[None].recurred == 0
    assert "协同不够" in (await desk.get("/problems/causes")).text
