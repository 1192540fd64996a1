"""Founds an office with a published visit: `python -m tests.rig.founding_visits OBSERVERS STOPS` prints both."""

import asyncio
import json
import sys
from datetime import time
from decimal import Decimal

from tortoise import Tortoise

from models import Organisation
from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role, SessionChannel
from server import people, reporters, site_visits
from server.kernel.clock import business_date
from server.people import Actor
from server.people.sessions import open_session
from server.scoring import Criterion, Group, Rules
from server.settings import read_settings
from server.site_visits import PlannedStop, PlannedVisit
from server.tools import Tools, real_tools

AT_ONCE = 5
ALL_DAY = {"opens": time(0), "closes": time(23, 59, 59)}


async def main(observers: int, stops: int) -> None:
    """Print {visit, stops: […], link, tokens: […]}: a visit open all day whose board is open."""
    settings = read_settings()
    tools = await real_tools(settings)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    office = await people.add_organisation(
        "市委改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    luo, _ = await _enrol("罗主任", Role.OFFICE_LEAD, office, tools=tools)
    turns = asyncio.Semaphore(AT_ONCE)

    async def guest(number: int) -> tuple[Actor, str]:
        async with turns:
            return await _enrol(f"观察员{number}", Role.REFORM_OBSERVER, office, tools=tools)

    guests = await asyncio.gather(*(guest(number) for number in range(observers)))
    now = tools.clock.now()
    criteria = [Criterion(f"c{n}", f"第{n}项", Decimal(25)) for n in range(1, 5)]
    plan = PlannedVisit(
        title="秋季观摩",
        held_on=business_date(now),
        rules=Rules(criteria=criteria, groups=[Group("g", "观察员", Decimal(100))]),
    )
    planned = [PlannedStop(name=f"第{n + 1}站", **ALL_DAY) for n in range(stops)]
    visit = await site_visits.create_visit(plan, planned, by=luo, now=now, tools=tools)
    for one, _ in guests:
        await site_visits.invite_observer(visit.id, person_id=one.person.id, group="g", by=luo, now=now)
    await site_visits.publish_visit(visit.id, version=visit.version, by=luo, now=now, tools=tools)
    told = {
        "visit": str(visit.id),
        "stops": [str(stop.id) for stop in await site_visits.stops_of(visit.id)],
        "link": await site_visits.open_board(visit.id, by=luo),
        "tokens": [token for _, token in guests],
    }
    sys.stdout.write(json.dumps(told))
    await tools.close()
    await Tortoise.close_connections()


async def _enrol(name: str, role: Role, office: Organisation, *, tools: Tools) -> tuple[Actor, str]:
    now = tools.clock.now()
    person = await people.add_person(name, role=role, by=None, now=now, keys=tools.keys, organisation=office)
    token = await open_session(person, channel=SessionChannel.PHONE, now=now)
    return await people.actor_as(person, on=business_date(now)), token


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
