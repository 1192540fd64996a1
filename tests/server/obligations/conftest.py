"""A city whose offices owe meetings and reports, and a clock that is set to the day of the test."""

from datetime import date, datetime, time

import pytest

from models import Obligation
from models.vocabulary import OrganisationKind, Role
from server import obligations, people
from server.kernel.clock import SHANGHAI, business_date
from server.obligations import HandIn, ObligationFilter
from server.packs import ways_of

CADENCES = ways_of("yinchuan").cadences
OF_OFFICE = [one for one in CADENCES if not one.organisations]  # this city's codes are others than the pack's


class City:
    """The reform office, a county's office with 老段, the bureau with 老周; 罗主任 leads the reform office."""

    def __init__(self, office):
        self.office = office

    async def open(self):
        office = self.office
        self.at(date(2026, 1, 1))
        self.county = await people.add_organisation(
            "县委改革办",
            code="county",
            kind=OrganisationKind.COUNTY_REFORM_OFFICE,
            by=None,
            parent=office.root,
            series="县",
        )
        self.luo = await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        self.duan = await office.actor(
            await office.enrol("县办老段", Role.OFFICE_STAFF, organisation=self.county)
        )
        self.zhou = await office.actor(
            await office.enrol("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
        )
        return self

    def at(self, day, hour=9):
        """Set the clock to a day and hour in Asia/Shanghai."""
        self.office.watch.ahead = datetime.combine(day, time(hour), SHANGHAI) - datetime.now(SHANGHAI)

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def open_day(self, day=None, cadences=OF_OFFICE):
        if day:
            self.at(day)
        return await obligations.open_day(self.today, cadences=cadences, now=self.now)

    async def owed(self, rule, organisation=None, *, due_on=None):
        by = {"rule_code": rule} | ({"due_on": due_on} if due_on else {})
        return await Obligation.get(organisation_id=(organisation or self.county).id, **by)

    async def hand_in(self, rule, kind, day, *, by=None, organisation=None, title="十一月材料", due_on=None):
        owed = await self.owed(rule, organisation, due_on=due_on)
        command = HandIn(kind=kind, title=title, done_on=day)
        return await obligations.hand_in(owed.id, command, by=by or self.duan, now=self.now)

    async def states(self, rule="", *, by=None, **more):
        """Return the states of a rule's obligations of this year: {organisation: [state…]}."""
        found = await obligations.obligations_of(
            by or self.luo, ObligationFilter(rule=rule, **more), today=self.today
        )
        told = {}
        for one in found:
            told.setdefault(one.owed.organisation.code, []).append(one.state.value)
        return told


@pytest.fixture
async def city(office):
    return await City(office).open()
