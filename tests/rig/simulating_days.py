"""Simulates days of schedulers for G7: `python -m tests.rig.simulating_days DAYS SEED [CHANGE]` prints what it saw.

Three schedulers plan with clocks that jump by an hour or a day, forwards and back over midnight; connections are
killed, and now and then nobody plans for days. CHANGE takes a protection away: `two_runs` lets a day run twice,
`no_catch_up` plans only what became due today, `no_end` leaves reminders of closed items open.
"""

import asyncio
import json
import random
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.exceptions import OperationalError

from models import Duty, JobRun, LedgerItem, Organisation, Person, Reminder
from models.config import tortoise_config
from models.vocabulary import LedgerState, ObservationKind, OrganisationKind, Role, Scope
from server import ledger, people, reminders, reporters, team
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import AWAY
from server.ledger import reminding
from server.ledger.commands import Retention
from server.people import actor_as
from server.reminders import planner
from server.reminders.planning import latest_scheduled, offset_of
from server.settings import read_settings
from server.tools import key_ring, mark_keys

FIRST = date(
    2026, 9, 1
)  # the National Day, a year end with an unannounced year, and a spring festival follow
HOURS = (7, 8, 9, 13, 20, 23)
JUMPS = [timedelta(), timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
SCHEDULERS = 3
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND application_name = 'duchatong' AND state <> 'idle'
"""


class City:
    """An office with one commissioner, whose items come, are worked on and are closed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.seen: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.made = 0

    async def found(self) -> None:
        self.office = await people.add_organisation(
            "改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
        )
        self.unit: Organisation = await people.add_organisation(
            "市住建局", code="unit", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=self.office
        )
        self.wang = await Person.create(designation="王科长", organisation=self.unit, created_on=FIRST)
        self.chen = await Person.create(designation="小陈", organisation=self.office, created_on=FIRST)
        for person, role in ((self.wang, Role.COMMISSIONER), (self.chen, Role.OFFICE_LEAD)):
            await Duty.create(
                person=person,
                role=role,
                scope=Scope.ALL,
                organisation_id=person.organisation_id,
                since_on=date(2020, 1, 1),
            )

    async def new_item(self, day: date) -> None:
        self.made += 1
        now = datetime.combine(day, time(6), SHANGHAI)
        await LedgerItem.create(
            organisation=self.office,
            lead_unit=self.unit,
            commissioner=self.wang,
            registered_by=self.chen,
            series="改",
            year=2026,
            number=self.made,
            number_text=f"改-{self.made:05}",
            state=LedgerState.IN_PROGRESS,
            kind=ObservationKind.PROBLEM,
            title="路口坑槽",
            due_on=day + timedelta(days=self.dice.randrange(1, 25)),
            dispatched_at=now,
            registered_at=now,
        )

    async def live_a_day(self, day: date) -> None:
        """Let new items come, and close one or give it a later deadline, as its people do."""
        for _ in range(self.dice.randrange(3)):
            await self.new_item(day)
        open_items = await LedgerItem.filter(state=LedgerState.IN_PROGRESS).order_by("number")
        if len(open_items) > 12 or (open_items and self.dice.random() < 0.3):
            item = self.dice.choice(open_items)
            now = datetime.combine(day, time(10), SHANGHAI)
            by = await actor_as(self.chen, on=day)
            command = Retention(version=item.version, note="长期工作", next_review_on=date(2035, 1, 1))
            await ledger.retain(item.id, command, by=by, now=now)
            self.seen["ended"] += 1

    async def schedule(self, moment: datetime) -> None:
        """One look of one scheduler at its own clock, which may have jumped."""
        jump = self.dice.choice(JUMPS) if self.dice.random() < 0.3 else timedelta()
        self.seen["jumps"] += bool(jump)
        try:
            await reminders.plan_if_due(city_pack="yinchuan", now=moment + jump)
        except (Refusal, *AWAY, asyncpg.InternalClientError, OperationalError):
            self.seen["killed"] += 1  # its connection was cut: nothing was written

    async def judge(self, day: date) -> None:
        """Check at the end of a day what should be so."""
        runs = Counter(await JobRun.filter(job__startswith=planner.JOB).values_list("period", flat=True))
        self.faults["doubled_runs"] = sum(count - 1 for count in runs.values())
        known = await calendar()
        rule = (await reminders.rule_of("item_due", city_pack="yinchuan")).content
        for item in await LedgerItem.filter(state=LedgerState.IN_PROGRESS):
            now = offset_of(day, item.due_on, calendar=known)
            before = offset_of(item.dispatched_at.astimezone(SHANGHAI).date(), item.due_on, calendar=known)
            wanted = latest_scheduled(rule, after=before, upto=now)
            told = await Reminder.filter(subject_id=item.id, due_on=item.due_on).values_list(
                "offset", flat=True
            )
            if wanted is not None and (not told or max(told) < wanted):
                self.faults["missed"] += 1
        ended = await LedgerItem.exclude(state=LedgerState.IN_PROGRESS).values_list("id", flat=True)
        self.faults["after_the_end"] += await Reminder.filter(
            subject_id__in=ended, kind="item_due", ended_at=None
        ).count()


async def simulate(days: int, seed: int) -> City:
    """Live that many days; return what was seen and what was wrong."""
    city = City(seed)
    await city.found()
    stopped_until, ran = FIRST, 0
    for number in range(days):
        day = FIRST + timedelta(days=number)
        await city.live_a_day(day)
        if day >= stopped_until and city.dice.random() < 0.02:
            stopped_until = day + timedelta(days=city.dice.randrange(1, 5))
            city.seen["stops"] += 1
        if day < stopped_until:
            continue
        for hour in HOURS:
            moment = datetime.combine(day, time(hour, 30), SHANGHAI)
            looks = [city.schedule(moment) for _ in range(SCHEDULERS)]
            if city.dice.random() < 0.05:
                looks.append(kill())
            await asyncio.gather(*looks)
        # The last look of a day has the right time, as a scheduler's clock is set again.
        await reminders.plan_if_due(city_pack="yinchuan", now=datetime.combine(day, time(23, 50), SHANGHAI))
        ran += 1
        if not await JobRun.exists(job__startswith=planner.JOB, period=day):
            city.faults["missed_periods"] += 1
        await city.judge(day)
    city.seen |= Counter(days=ran, reminders=await Reminder.all().count(), items=city.made)
    return city


async def kill() -> None:
    """Cut the connections of whoever works at this moment."""
    database = await asyncpg.connect(read_settings().database_url)
    try:
        await database.execute(KILL)
    finally:
        await database.close()


async def two_runs() -> None:
    """Let any scheduler run a day that was run."""
    planner.RAN = planner.RAN.replace("$1,", "$1::text || '-' || left(gen_random_uuid()::text, 8),", 1)


async def no_catch_up() -> None:
    """Plan only what became due today."""

    async def yesterday(today: date) -> date:
        return today - timedelta(days=1)

    planner.last_run_before = yesterday


async def no_end() -> None:
    """Leave the reminders of an ended item as they are."""

    async def nothing(*_: Any, **__: Any) -> None:
        pass

    reminding.reminders.settle = nothing


CHANGES = {"two_runs": two_runs, "no_catch_up": no_catch_up, "no_end": no_end}


async def main(days: int, seed: int, changes: list[str]) -> None:
    settings = read_settings()
    keys = key_ring(settings)
    reporters.unlock(mark_keys(settings), ring=keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    for change in changes:
        await CHANGES[change]()
    city = await simulate(days, seed)
    sys.stdout.write(json.dumps({"seen": dict(city.seen), "faults": dict(city.faults)}))
    await Tortoise.close_connections()


assert team  # whose kinds of matters are registered on import

if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
