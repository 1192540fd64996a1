"""The demo world's site visits: one that runs today, half scored, and one that is sealed, published and revealed.

The locked one goes through the same verbs as any other, so its key is truly gone.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec import Struct

from models import ReformTask, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import BallotState, Datum
from server import people, scoring, site_visits
from server.kernel.clock import business_date
from server.people import Actor
from server.scoring import Criterion, Group, Rules, SaveBallot
from server.site_visits import GivenCheckIn, PhonePlace, PlannedStop, PlannedVisit, StopPlace
from server.site_visits.codes import letters, sent_code, step_at

if TYPE_CHECKING:
    from server.trial.demo import World

AGO = timedelta(days=21)
DAY_BEGINS, DAY_ENDS = time(0), time(23, 59)  # whenever the trial is started, the visit runs
ON_THE_WAY = timedelta(minutes=25)


class DemoGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of observers by the keys of their persons."""

    id: str
    name: str
    weight: Decimal
    people: list[str]


class DemoStop(Struct, frozen=True, forbid_unknown_fields=True):
    """A stop with its unit and task by their codes."""

    name: str
    place_name: str
    place: StopPlace
    unit: str
    task: str = ""


class DemoVisits(Struct, frozen=True, forbid_unknown_fields=True):
    """The titles of both visits, and what they share."""

    running: str
    locked: str
    criteria: list[Criterion]
    groups: list[DemoGroup]
    stops: list[DemoStop]


async def hold_visits(world: "World") -> dict[str, str]:
    """Hold both visits; returns their ids."""
    told = world.read("site_visits", DemoVisits)
    locked = await _Day(world, told, now=world.now - AGO).prepare(told.locked)
    for stop in locked.stops:
        await locked.visit_stop(stop)
    await locked.finish()
    running = await _Day(world, told, now=world.now).prepare(told.running)
    for stop in running.stops[: len(running.stops) // 2]:
        await running.visit_stop(stop)
    return {"running": str(running.visit.id), "locked": str(locked.visit.id)}


class _Day:
    """One visit on its day; `now` is what the clocks of the day say."""

    def __init__(self, world: "World", told: DemoVisits, *, now: datetime) -> None:
        self.world, self.told, self.now = world, told, now
        self.visit: SiteVisit
        self.stops: list[VisitStop]

    async def actor(self, key: str) -> Actor:
        return await people.actor_as(self.world.persons[key], on=business_date(self.now))

    async def prepare(self, title: str) -> "_Day":
        """Plan, invite and publish."""
        chen, tools = await self.actor("chen"), self.world.tools
        groups = [Group(one.id, one.name, one.weight) for one in self.told.groups]
        plan = PlannedVisit(
            title=title,
            held_on=business_date(self.now),
            rules=Rules(criteria=self.told.criteria, groups=groups),
        )
        stops = [await self._planned(one) for one in self.told.stops]
        visit = await site_visits.create_visit(plan, stops, by=chen, now=self.now, tools=tools)
        for group in self.told.groups:
            for key in group.people:
                await site_visits.invite_observer(
                    visit.id,
                    person_id=self.world.persons[key].id,
                    group=group.id,
                    by=chen,
                    now=self.now,
                )
        self.visit = await site_visits.publish_visit(
            visit.id, version=visit.version, by=await self.actor("luo"), now=self.now, tools=tools
        )
        self.stops = await site_visits.stops_of(visit.id)
        return self

    async def visit_stop(self, stop: VisitStop) -> None:
        """Everybody scans the screen and scores; who has no position is looked at by staff."""
        screen = await site_visits.open_screen(
            self.visit.id, stop.id, by=await self.actor("chen"), now=self.now, tools=self.world.tools
        )
        for number, key in enumerate(key for group in self.told.groups for key in group.people):
            await self._check_in(stop, key, number, key_shown=bytes.fromhex(screen.key))
            await self._score(stop, key, number)
        if self.visit.held_on < business_date(self.world.now):
            self.now += ON_THE_WAY

    async def finish(self) -> None:
        """Confirm what was doubtful, lock, seal and publish."""
        luo, tools = await self.actor("luo"), self.world.tools
        found = await site_visits.check_ins_of(self.visit.id, by=luo)
        await site_visits.confirm_check_ins(
            self.visit.id,
            [one.id for one in found],
            reason="工作人员在现场见到本人",
            by=luo,
            now=self.now,
        )
        await scoring.lock(self.visit.id, by=luo, now=self.now, tools=tools)
        await site_visits.seal_visit(self.visit.id, by=luo, now=self.now, tools=tools)
        await scoring.publish_result(self.visit.id, by=luo, now=self.now)

    async def _planned(self, one: DemoStop) -> PlannedStop:
        task = await ReformTask.get_or_none(code=one.task, is_current=True) if one.task else None
        return PlannedStop(
            name=one.name,
            opens=DAY_BEGINS,
            closes=DAY_ENDS,
            place_name=one.place_name,
            place=one.place,
            unit_id=self.world.organisations[one.unit].id,
            task_id=task.id if task else None,
        )

    async def _check_in(self, stop: VisitStop, key: str, number: int, *, key_shown: bytes) -> None:
        person, client_id, step = self.world.persons[key], uuid4(), step_at(self.now)
        observer = await VisitObserver.get(visit_id=self.visit.id, person_id=person.id)
        code = sent_code(letters(key_shown, step), step=step, observer_id=observer.id, client_id=client_id)
        place = PhonePlace(stop.wgs_latitude or 0, stop.wgs_longitude or 0, Datum.WGS84, 18.0)
        given = GivenCheckIn(
            client_id=client_id, claimed_at=self.now, code=code, place=place if number else None
        )
        await site_visits.check_in(
            self.visit.id,
            stop.id,
            given,
            by=await self.actor(key),
            now=self.now,
            tools=self.world.tools,
            device=f"{number:032x}",
        )

    async def _score(self, stop: VisitStop, key: str, number: int) -> None:
        """Every observer a little otherwise, the stops apart from each other."""
        base = 92 - 3 * stop.position + (number * 5 + stop.position) % 7
        scores = {
            one.id: f"{base - 2 * place}.{5 * (number % 2)}" for place, one in enumerate(self.told.criteria)
        }
        ballot = SaveBallot(scores=scores, state=BallotState.SUBMITTED, base_version=0, claimed_at=self.now)
        await site_visits.score_stop(
            self.visit.id,
            stop.id,
            ballot,
            by=await self.actor(key),
            now=self.now,
            tools=self.world.tools,
        )
