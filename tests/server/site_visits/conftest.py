"""A visit of three stops with five observers in two groups, its screens, and phones that scan them."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models import CheckIn, CodeScreen, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import BallotState, Datum, Role
from server import scoring, site_visits
from server.kernel.clock import SHANGHAI, business_date
from server.scoring import Criterion, Group, Rules, SaveBallot
from server.site_visits import GivenCheckIn, PhonePlace, PlannedStop, PlannedVisit, StopPlace
from server.site_visits.codes import letters, screen_key, sent_code, step_at

HALL = StopPlace(38.4872, 106.2309, Datum.WGS84)
SCORES = {"c1": "90.0", "c2": "80.0"}
NOON = time(12)


def a_place(north_m=0.0, *, accuracy_m=15.0, datum=Datum.WGS84):
    """Return a place `north_m` metres north of the first stop."""
    return PhonePlace(HALL.latitude + north_m / 111_195, HALL.longitude, datum, accuracy_m)


def rules(**changes):
    told = {
        "criteria": [Criterion("c1", "成效", Decimal(60)), Criterion("c2", "创新", Decimal(40))],
        "groups": [Group("experts", "专家组", Decimal(60)), Group("deputies", "代表组", Decimal(40))],
    }
    return Rules(**told | changes)


class Visit:
    """Luo leads, Chen is staff; 评委0 to 评委4 observe. All stops are open from nine to six, and it is noon."""

    def __init__(self, office):
        self.office, self.tools = office, office.tools
        self.opens, self.closes = time(9), time(18)
        noon = datetime.combine(business_date(office.watch.now()), NOON, SHANGHAI) + timedelta(days=1)
        office.watch.ahead = noon - office.watch.now() + office.watch.ahead

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def enter(self):
        enrol = self.office.enrol
        self.luo = await self.office.actor(await enrol("罗主任", Role.OFFICE_LEAD))
        self.chen = await self.office.actor(await enrol("小陈", Role.OFFICE_STAFF))
        self.people = [await enrol(f"评委{n}", Role.REFORM_OBSERVER) for n in range(5)]
        self.actors = [await self.office.actor(person) for person in self.people]
        return self

    def plan(self, **changes):
        told = {"title": "秋季观摩", "held_on": self.today, "rules": rules(), "least_dwell_min": 0}
        return PlannedVisit(**told | changes)

    def stops_planned(self, count=3):
        units = [None, self.office.bureau.id, None]
        return [
            PlannedStop(
                name=f"第{n + 1}站",
                opens=self.opens,
                closes=self.closes,
                place=HALL,
                unit_id=units[n % 3],
            )
            for n in range(count)
        ]

    async def draft(self, *, groups=("experts", "experts", "experts", "deputies", "deputies"), **changes):
        self.visit = await site_visits.create_visit(
            self.plan(**changes), self.stops_planned(), by=self.chen, now=self.now, tools=self.tools
        )
        for person, group in zip(self.people, groups, strict=True):
            await self.invite(person, group)
        return self

    async def invite(self, person, group="experts"):
        return await site_visits.invite_observer(
            self.visit.id, person_id=person.id, group=group, by=self.chen, now=self.now
        )

    async def publish_all_day(self, **changes):
        """Stops that are open at any hour, for phones that have the real time."""
        self.opens, self.closes = time(0), time(23, 59, 59)
        return await self.publish(**changes)

    async def publish(self, **changes):
        await self.draft(**changes)
        await self.publish_it()
        return self

    async def publish_it(self):
        version = (await SiteVisit.get(id=self.visit.id)).version
        self.visit = await site_visits.publish_visit(
            self.visit.id, version=version, by=self.luo, now=self.now, tools=self.tools
        )
        self.stops = await VisitStop.filter(visit_id=self.visit.id).order_by("position")
        return self.visit

    async def screen(self, stop=0):
        return await site_visits.open_screen(
            self.visit.id, self.stops[stop].id, by=self.chen, now=self.now, tools=self.tools
        )

    async def observer(self, n):
        return await VisitObserver.get(visit_id=self.visit.id, person_id=self.people[n].id)

    async def scanned(self, n, *, screen, at=None, observer=None, client_id=None, **changes):
        """Return what observer n's phone sends after scanning a screen at a given time."""
        client_id = client_id or uuid4()
        shown_at = at or self.now
        step = step_at(shown_at)
        who = observer or (await self.observer(n)).id
        code = sent_code(
            letters(bytes.fromhex(screen.key), step), step=step, observer_id=who, client_id=client_id
        )
        told = {"client_id": client_id, "claimed_at": self.now, "code": code, "place": a_place()}
        return GivenCheckIn(**told | changes)

    async def check_in(self, n, given, *, stop=0, by=None, device=None):
        return await site_visits.check_in(
            self.visit.id,
            self.stops[stop].id,
            given,
            by=by or self.actors[n],
            now=self.now,
            tools=self.tools,
            device=f"{n:032x}" if device is None else device,
        )

    async def present(self, n, stop=0):
        """Check observer n in at a stop, by hand."""
        return await site_visits.check_in_by_hand(
            self.visit.id,
            self.stops[stop].id,
            observer_id=(await self.observer(n)).id,
            reason="手机没电",
            by=self.chen,
            now=self.now,
        )

    async def score(self, n, stop=0, scores=SCORES, *, state=BallotState.SUBMITTED, base=0, **told):
        command = SaveBallot(
            scores=scores, state=state, base_version=base, **{"claimed_at": self.now, **told}
        )
        return await site_visits.score_stop(
            self.visit.id, self.stops[stop].id, command, by=self.actors[n], now=self.now, tools=self.tools
        )

    async def lock(self):
        return await scoring.lock(self.visit.id, by=self.luo, now=self.now, tools=self.tools)

    async def seal(self):
        return await site_visits.seal_visit(self.visit.id, by=self.luo, now=self.now, tools=self.tools)

    async def kept(self, n, stop=0):
        observer = await self.observer(n)
        return await CheckIn.get_or_none(observer_id=observer.id, stop_id=self.stops[stop].id)

    async def key_of(self, screen):
        """Return the key that a screen would have with another window."""
        row = await CodeScreen.get(id=screen.id).select_related("stop")
        stop_key = bytes.fromhex(
            self.tools.keys.unseal(row.stop.key_sealed, bound_to=f"visit_stop:{row.stop_id}:key")
        )
        return stop_key, screen_key


@pytest.fixture
async def visit(office):
    return await Visit(office).enter()
