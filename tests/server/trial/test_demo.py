"""The demo world is built through the public commands, and every area has something to show."""

import time

import pytest

from models import (
    Ballot,
    Case,
    CheckIn,
    Mission,
    Observation,
    Person,
    Problem,
    Reminder,
    ScoreRound,
    SiteVisit,
    Substitution,
)
from models.vocabulary import CaseState, ObligationState, Role
from models.vocabulary import MissionState as M
from models.vocabulary import ProblemState as S
from models.vocabulary import RoundState as R
from server import obligations
from server.kernel.clock import business_date
from server.trial import demo


@pytest.fixture
async def city(office, clean_database):
    """The demo world, and the seconds it took to build."""
    await clean_database.sweep()
    began = time.monotonic()
    await demo.build(office.tools)
    return time.monotonic() - began


async def test_every_room_has_something_to_show(office, city):
    cases = await Case.all().values_list("state", flat=True)
    assert sorted(cases) == [CaseState.ANSWERED, CaseState.RELEASED]
    problems = await Problem.all().values_list("state", flat=True)
    assert sorted(problems) == sorted([S.COLLECTED, S.TRIAGED, S.ESCALATED, S.ON_LEDGER])
    assert await Observation.filter(reporter_wrote_at__isnull=False).count() == 1
    visits = {one.title: one for one in await SiteVisit.all()}
    rounds = {one.name: one.state for one in await ScoreRound.all()}
    assert sorted(rounds.values()) == [R.OPEN, R.PUBLISHED]
    running = next(visits[name] for name, state in rounds.items() if state is R.OPEN)
    assert await CheckIn.filter(stop__visit_id=running.id).count() == await Ballot.all().count() == 16
    assert await Reminder.all().count() > 3
    assert await Reminder.filter(opened_at__isnull=False).count() == await Substitution.all().count() == 1
    owed = await obligations_by_state(office)
    assert [state for state, count in owed.items() if not count and state is not ObligationState.OPEN] == []
    missions = await Mission.all().values_list("state", flat=True)
    assert sorted(missions) == sorted([M.PLANNED, M.DISPATCHED, M.UNDER_WAY])


async def obligations_by_state(office):
    """Count the obligations of this year and the last as the office's lead sees them."""
    lead = await Person.filter(duties__role=Role.OFFICE_LEAD).first()
    actor, today = await office.actor(lead), business_date(office.watch.now())
    found = []
    for year in (today.year - 1, today.year):
        wanted = obligations.ObligationFilter(year=year)
        found += await obligations.obligations_of(actor, wanted, today=today)
    return obligations.counts_of(found)
