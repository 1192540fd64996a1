"""A city with an item that was reported and dispatched to a bureau, which may be told about it."""

from uuid import uuid4

import pytest

from models import Observation
from models.vocabulary import Anonymity, Datum, ObservationKind, PlaceSource, Role
from server import cases, ledger, observations
from server.cases import NewCase
from server.kernel.clock import business_date
from server.ledger import NewItem
from server.observations import Place, SubmitObservation
from server.photos import AnnouncedPhoto
from tests.acting import act
from tests.conftest import sha256

HERE = (38.4872, 106.2309)
SUMMARY = "该路口路面破损，需尽快修复。"


class Desk:
    """The office and the unit, and what they do in these tests."""

    def __init__(self, office):
        self.office = office

    async def enter(self):
        office = self.office
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
        liu = await office.enrol("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
        self.wang, self.liu = await office.actor(wang), await office.actor(liu)
        return self

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def reporter(self, name, role=Role.TEAM_MEMBER):
        return await self.office.actor(await self.office.enrol(name, role))

    async def report(self, by, *, at=HERE, text="路口坑槽一周未修", task_id=None, when=None):
        client_id = uuid4()
        place = at and Place(*at, Datum.WGS84, PlaceSource.GPS, accuracy_m=12.0, name="北京路口")
        command = SubmitObservation(
            ObservationKind.PROBLEM,
            text,
            Anonymity.HIDDEN,
            [AnnouncedPhoto(sha256(client_id.bytes), 5)],
            place=place,
            task_id=task_id,
        )
        await observations.submit(command, client_id=client_id, by=by, now=when or self.now)
        return await Observation.get(client_id=client_id)

    async def item_of(self, report, *, unit=None):
        """Accept a report and dispatch it."""
        new = NewItem("路口坑槽", ObservationKind.PROBLEM, place_name="北京路口")
        item = await observations.accept(report.id, version=1, new=new, by=self.chen, now=self.now)
        unit_id = (unit or self.office.bureau).id
        return await act(ledger.dispatch, item.id, version=1, unit_id=unit_id, by=self.chen, now=self.now)

    async def crowd(self, count=4, **how):
        """Let `count` other people report nearby."""
        for number in range(count):
            await self.report(await self.reporter(f"群众{number}", Role.CITIZEN), **how)

    async def told(self, *, crowd=4, **how):
        """Return 老马's report as an item, among reports of neighbours."""
        await self.crowd(crowd)
        self.laoma = await self.reporter("老马")
        return await self.item_of(await self.report(self.laoma), **how)

    async def open(self, item, *, narrow_because="", by=None, **changes):
        new = NewCase(**({"summary": SUMMARY, "seen_on": self.today} | changes))
        by = by or self.chen
        return await cases.open_case(item.id, new=new, by=by, now=self.now, narrow_because=narrow_because)

    async def released(self, item=None, **how):
        case = await self.open(item or await self.told(), **how)
        await cases.release_batch(self.today)
        return case


@pytest.fixture
async def desk(office):
    return await Desk(office).enter()
