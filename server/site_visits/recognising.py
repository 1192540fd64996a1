"""Recognises the people and groups that a list of observers names: by designation and unit, never by real name."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from models import Organisation, Person, SiteVisit
from models.vocabulary import Role
from server.kernel.clock import business_date
from server.people import Actor
from server.sheets.problems import Problem
from server.sheets.reading_cells import plain
from server.site_visits.inviting import invitable, may_observe
from server.site_visits.observer_sheets import DESIGNATION, GROUP, UNIT, Line, problem
from server.site_visits.planning import rules_of


class Matched(Struct, frozen=True):
    """Whom the lines name and into which group, by row, and what is wrong with the others."""

    people: dict[int, Person]
    groups: dict[int, str]
    problems: list[Problem]


async def match(visit: SiteVisit, lines: list[Line], *, by: Actor, now: datetime) -> Matched:
    """Find the one person each line names, among those who may observe."""
    groups = {plain(one.name): one.id for one in rules_of(visit).groups}
    able = await _who_may_observe(visit, by=by, now=now)
    unable = _by_name(await _who_may_not(lines, able))
    named = _by_name(able)
    found, first = Matched({}, {}, []), dict[UUID, int]()
    for line in lines:
        if plain(line.group) in groups:
            found.groups[line.row] = groups[plain(line.group)]
        else:
            found.problems.append(_no_such_group(line, visit))
        person = _one_of(line, named.get(plain(line.designation), []), unable)
        if isinstance(person, Problem):
            found.problems.append(person)
        elif person.id in first:
            what = f"与第{first[person.id]}行是同一位。"
            found.problems.append(problem(line.row, "", what, advice="请删去其中一行。"))
        else:
            first[person.id], found.people[line.row] = line.row, person
    return found


async def _who_may_observe(visit: SiteVisit, *, by: Actor, now: datetime) -> list[Person]:
    """Return the people who may be invited, and those already invited."""
    invited = await Person.filter(visits_observed__visit_id=visit.id).select_related("organisation")
    still = await may_observe([one.id for one in invited], on=business_date(now))
    able = [one for one in invited if one.is_active and one.id in still]
    return [*able, *await invitable(visit.id, by=by, now=now)]


async def _who_may_not(lines: list[Line], able: list[Person]) -> list[Person]:
    """Return the people of public office whom the lines may mean but who have no duty as observers.

    Citizens are never looked up, so nobody learns from a sheet who reports.
    """
    named = Person.filter(designation__in=[line.designation for line in lines], is_active=True)
    named = named.filter(duties__role__not=Role.CITIZEN, organisation_id__not_isnull=True)
    found = await named.exclude(id__in=[one.id for one in able]).distinct().select_related("organisation")
    return list(found)


def _by_name(people: list[Person]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for one in people:
        found.setdefault(plain(one.designation), []).append(one)
    return found


def _one_of(line: Line, same_name: list[Person], unable: dict[str, list[Person]]) -> Person | Problem:
    meant = [one for one in same_name if not line.unit or _is_of(one.organisation, line.unit)]
    if len(meant) == 1:
        return meant[0]
    shown = f"“{line.designation[:40]}”"
    if meant:
        advice = "请填写单位，或到观摩页上逐个勾选。"
        return problem(line.row, DESIGNATION, f"{shown}有{len(meant)}位，不知道是哪一位。", advice=advice)
    if any(_is_of(one.organisation, line.unit) for one in unable.get(plain(line.designation), [])):
        advice = "请先在“组织与人员”里给他改革观察员、两代表一委员或督察队员的职责。"
        return problem(line.row, DESIGNATION, f"{shown}没有观察评议的职责。", advice=advice)
    if same_name:
        advice = "请核对单位，用系统里的全称或简称。"
        return problem(line.row, UNIT, f"“{line.unit[:40]}”没有称谓为{shown}的观察员。", advice=advice)
    advice = "请按系统“组织与人员”里的称谓填写；还没有登记的，请先登记。"
    return problem(line.row, DESIGNATION, f"可以邀请的人里没有{shown}。", advice=advice)


def _is_of(unit: Organisation | None, typed: str) -> bool:
    return unit is not None and plain(typed) in {plain(unit.name), plain(unit.short_name)}


def _no_such_group(line: Line, visit: SiteVisit) -> Problem:
    named = "、".join(f"“{one.name}”" for one in rules_of(visit).groups)
    what = f"评分规则里没有评审组“{line.group[:40]}”。"
    return problem(line.row, GROUP, what, advice=f"请改成{named}中的一个。")


def elsewhere(visit: SiteVisit, matched: Matched, known: dict[UUID, str]) -> list[Problem]:
    """Return the lines of those who are on the visit's list already, in another group."""
    names = {one.id: one.name for one in rules_of(visit).groups}
    return [
        problem(
            row,
            GROUP,
            f"已在名单的“{names.get(known[person.id], known[person.id])}”里。",
            advice="要换组的，请先在观摩页上把他从名单去掉；已经发布的不能换组。",
        )
        for row, person in matched.people.items()
        if person.id in known and row in matched.groups and known[person.id] != matched.groups[row]
    ]
