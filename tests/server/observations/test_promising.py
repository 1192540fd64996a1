"""A reporter is promised an answer within the working days of the city's pack."""

from datetime import datetime
from uuid import uuid4

import pytest
from msgspec import convert

from models.vocabulary import Role
from server import observations, policies
from server.observations.commands import SubmitObservation
from server.packs import Promises
from server.policies import NewPolicy
from tests.conftest import a_report


@pytest.mark.parametrize(("days", "on"), [(1, "2026-11-24"), (3, "2026-11-26"), (5, "2026-11-30")])
async def test_the_promise_counts_the_city_s_working_days(office, days, on):
    phone = await office.phone_of("老马", Role.TEAM_MEMBER)
    monday = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
    command = convert(a_report(), SubmitObservation)
    actor = await office.actor(phone.person)
    if days != 1:
        luo = await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))
        new = NewPolicy(Promises(review_days=days), "调整期限")
        await policies.change_policy("promises", version=1, new=new, by=luo, now=monday)
    found = await observations.submit(command, client_id=uuid4(), by=actor, now=monday)
    assert found.observation.promised_on.isoformat() == on
    assert found.observation.promise_words.startswith(f"{days}个工作日")
