"""A round with five judges in two groups and three entries, for tests of its whole life."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models import ScoreEntry, ScoreJudge, ScoreRound
from models.vocabulary import BallotState, OrganisationKind, Role, RoundAskKind
from server import people, scoring
from server.kernel.clock import business_date
from server.scoring import Criterion, Group, NewEntry, NewRound, Rules, SaveBallot

SCORES = {"c1": "90.0", "c2": "80.0"}


class Cast:
    """Luo leads, Chen and Sun are staff; Li and the others judge; the bureau's work is entry 2."""

    def __init__(self, office):
        self.office, self.tools = office, office.tools
        self.round_id = uuid4()

    @property
    def now(self):
        return self.office.watch.now()

    async def enter(self):
        enrol = self.office.enrol
        self.luo = await self.actor(await enrol("罗主任", Role.OFFICE_LEAD))
        self.chen = await self.actor(await enrol("小陈", Role.OFFICE_STAFF))
        self.sun = await self.actor(await enrol("小孙", Role.OFFICE_STAFF))
        self.people = [await enrol(f"评委{n}", Role.REFORM_OBSERVER) for n in range(5)]
        self.judges = [await self.actor(person) for person in self.people]
        return self

    async def actor(self, person):
        return await self.office.actor(person)

    def rules(self, **changes):
        told = {
            "criteria": [Criterion("c1", "成效", Decimal(60)), Criterion("c2", "创新", Decimal(40))],
            "groups": [Group("experts", "专家组", Decimal(60)), Group("deputies", "代表组", Decimal(40))],
        }
        return Rules(**told | changes)

    def new_round(self, **changes):
        opens, closes = self.now - timedelta(hours=1), self.now + timedelta(hours=1)
        units = [None, self.office.bureau.id, None]
        entries = [
            NewEntry(id=uuid4(), name=f"第{n}站", opens_at=opens, closes_at=closes, unit_id=unit)
            for n, unit in enumerate(units, start=1)
        ]
        told = {"id": self.round_id, "name": "秋季观摩", "rules": self.rules(), "entries": entries}
        return NewRound(**told | changes)

    async def open(self, *, groups=("experts", "experts", "experts", "deputies", "deputies"), **changes):
        """Publish the rules and assign the judges."""
        await scoring.publish_rules(self.new_round(**changes), by=self.luo, tools=self.tools)
        self.entries = await ScoreEntry.filter(round_id=self.round_id).order_by("position")
        for person, group in zip(self.people, groups, strict=True):
            await self.assign(person, group)
        return self

    async def assign(self, person, group="experts"):
        return await scoring.assign_judge(
            self.round_id, person_id=person.id, group=group, by=self.chen, now=self.now
        )

    async def judge(self, n):
        return await ScoreJudge.get(round_id=self.round_id, person_id=self.people[n].id)

    async def save(self, n, entry, scores=SCORES, *, state=BallotState.SUBMITTED, base=0, **told):
        """Save judge n's ballot for an entry, given by position."""
        device = told.pop("device", "")
        command = SaveBallot(
            scores=scores, state=state, base_version=base, **{"claimed_at": self.now, **told}
        )
        return await scoring.save_ballot(
            self.round_id,
            self.entries[entry].id,
            command,
            by=self.judges[n],
            now=self.now,
            tools=self.tools,
            device=device,
        )

    async def score_all(self):
        """Let every judge score every entry slightly differently; return the receipts by judge."""
        return [
            [
                await self.save(n, entry, {"c1": f"{80 + n + entry}.5", "c2": f"{90 - n}.0"})
                for entry in range(3)
            ]
            for n in range(5)
        ]

    async def lock(self, by=None):
        return await scoring.lock(self.round_id, by=by or self.luo, now=self.now, tools=self.tools)

    async def seal(self):
        return await scoring.seal(self.round_id, by=self.luo, now=self.now, tools=self.tools)

    async def publish(self):
        return await scoring.publish_result(self.round_id, by=self.luo, now=self.now)

    async def unlock(self, by=None, then=None, note="漏了一组评委"):
        told = {"by": by or self.luo, "now": self.now}
        asked = await scoring.ask(self.round_id, RoundAskKind.UNLOCK, note=note, **told)
        return await scoring.confirm(self.round_id, asked.id, by=then or self.chen, now=self.now)

    async def own(self, n):
        return await scoring.own_ballots(self.round_id, by=self.judges[n], tools=self.tools)

    async def state(self):
        return (await ScoreRound.get(id=self.round_id)).state

    async def county(self):
        """Return a person of another office."""
        office = await people.add_organisation(
            "县改革办",
            code="county",
            kind=OrganisationKind.COUNTY_REFORM_OFFICE,
            by=None,
            parent=self.office.root,
        )
        return await self.actor(await self.office.enrol("县里的", Role.OFFICE_LEAD, organisation=office))

    @property
    def today(self):
        return business_date(self.now)


@pytest.fixture
async def cast(office):
    return await Cast(office).enter()
