"""A city with banks of all four levels, each with a keeper."""

import pytest

from models import Problem
from models.vocabulary import Difficulty, OrganisationKind, ProblemCause, ProblemKind, Role, Scope, Solver
from server import people, problems
from server.kernel.clock import business_date
from server.problems import Dispatch, NewProblem, Triage

COUNTY, GROUP, UNIT = (
    OrganisationKind.COUNTY_REFORM_OFFICE,
    OrganisationKind.SPECIAL_GROUP_OFFICE,
    OrganisationKind.RESPONSIBLE_UNIT,
)
COMMANDS = {action.verb: action.command for action in problems.ACTIONS}
TRIAGED = Triage(
    kind=ProblemKind.BOTTLENECK,
    cause=ProblemCause.COORDINATION,
    difficulty=Difficulty.HARD,
    solver=Solver.CITY,
)


class Banks:
    """The banks of these tests and their keepers."""

    def __init__(self, office):
        self.office = office

    async def open(self):
        office, root = self.office, self.office.root
        self.county = await self.bank("兴庆区委改革办", "xingqing", COUNTY, root, series="兴")
        self.town = await self.bank("兴庆区城管局", "town", UNIT, self.county)
        self.other_county = await self.bank("金凤区委改革办", "jinfeng", COUNTY, root)
        self.group = await self.bank("经济专项小组办", "economy", GROUP, root)
        self.keepers = {}
        for bank, role in (
            (root, Role.OFFICE_STAFF),
            (self.county, Role.OFFICE_STAFF),
            (self.other_county, Role.OFFICE_STAFF),
            (self.group, Role.OFFICE_STAFF),
            (office.bureau, Role.DEPARTMENT_CONTACT),
            (self.town, Role.DEPARTMENT_CONTACT),
        ):
            self.keepers[bank.code] = await self.keeper(bank, role)
        return self

    async def bank(self, name, code, kind, parent, **more):
        return await people.add_organisation(name, code=code, kind=kind, by=None, parent=parent, **more)

    async def keeper(self, bank, role):
        scope = Scope.UNIT if role is Role.DEPARTMENT_CONTACT else Scope.SUBTREE
        person = await people.add_person(
            f"{bank.short_name}的同志",
            role=role,
            by=None,
            now=self.now,
            keys=self.office.tools.keys,
            organisation=bank,
            scope=scope if bank is not self.office.root else None,
        )
        return await self.office.actor(person)

    @property
    def now(self):
        return self.office.watch.now()

    def of(self, bank):
        return self.keepers[bank.code]

    async def take_in(self, bank, title="审批环节多", **how):
        return await problems.take_in(NewProblem(title), by=self.of(bank), now=self.now, **how)

    async def fresh(self, problem):
        return await Problem.get(id=problem.id)

    async def step(self, verb, problem, by, **how):
        """Take a step with the current version."""
        version = (await self.fresh(problem)).version
        command = COMMANDS[verb](version=version, **how)
        return await verb(problem.id, command, by=by, now=self.now)

    async def triaged(self, bank, found=TRIAGED, **how):
        problem = await self.take_in(bank, **how)
        return await self.step(problems.triage, problem, self.of(bank), found=found)

    async def escalated(self, bank, **how):
        problem = await self.triaged(bank, **how)
        return await self.step(problems.escalate, problem, self.of(bank), request="请市级协调数据共享")

    async def decided(self, problem, *, unit=None, by=None, **how):
        dispatch = Dispatch((unit or self.office.bureau).id, days=how.pop("days", 20))
        on = how.pop("on", business_date(self.now))
        by = by or self.of(self.office.root)
        words = "由市住建局牵头打通"
        return await self.step(problems.decide, problem, by, words=words, decided_on=on, dispatch=dispatch)


@pytest.fixture
async def banks(office):
    return await Banks(office).open()
