"""Changing cadence rules: with a reason and a history; the present period's obligations open at once."""

from datetime import datetime

import msgspec

from models import CadenceRule, CadenceRuleVersion, Person
from server import journal
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.obligations.opening import open_rule
from server.obligations.refusals import CadenceCodeTaken, StaleCadence
from server.obligations.rules import FIRST_WHY, Cadences, NewCadence, Rule, check, content_of, rule_named
from server.packs import CadenceContent
from server.people import Actor, Permission


@unit_of_work
async def change_cadence(
    code: str, *, version: int, new: NewCadence, cadences: Cadences, by: Actor, now: datetime
) -> Rule:
    """Change a rule for the obligations that open from now on; the same content changes nothing.

    Raises NoSuchThing, StaleCadence, CadenceNotUsable.
    """
    by.reaches(Permission.KEEP_CADENCES)
    content = await check(new.content)
    before = await rule_named(code, cadences)
    row = await _at(before, version=version)
    if content_of(row.content) == content:
        return before
    row.content, row.version = msgspec.to_builtins(content), row.version + 1
    await row.save()
    await _keep(row, why=new.why, by=by.person, at=now)
    return await _in_force(row, content, event="changed", why=new.why, by=by, now=now)


@unit_of_work
async def add_cadence(code: str, *, new: NewCadence, cadences: Cadences, by: Actor, now: datetime) -> Rule:
    """Add a rule of the office's own. Raises CadenceCodeTaken, CadenceNotUsable."""
    by.reaches(Permission.KEEP_CADENCES)
    content = await check(new.content)
    row = CadenceRule(code=code, content=msgspec.to_builtins(content), version=1)
    await CadenceRule.bulk_create([row], ignore_conflicts=True)
    kept = await CadenceRule.get(code=code)
    if kept.id != row.id or any(one.code == code for one in cadences):
        raise CadenceCodeTaken
    await _keep(kept, why=new.why, by=by.person, at=now)
    return await _in_force(kept, content, event="added", why=new.why, by=by, now=now)


async def _in_force(
    row: CadenceRule, content: CadenceContent, *, event: str, why: str, by: Actor, now: datetime
) -> Rule:
    """Open the present period's obligations of a rule as it is now, and write the entry."""
    rule, today = Rule(row.code, content, row.version), business_date(now)
    opened = await open_rule(rule, since=today, today=today, now=now)
    told = {"name": content.name, "version": row.version, "content": row.content, "opened": opened}
    await journal.record(f"cadence_rule.{event}", row, by=by.person, **told, why=why)
    return rule


async def _at(rule: Rule, *, version: int) -> CadenceRule:
    """Return the rule's row, locked; the first change also stores the city pack's rule as version one."""
    first = CadenceRule(code=rule.code, content=msgspec.to_builtins(rule.content), version=1)
    await CadenceRule.bulk_create([first], ignore_conflicts=True)
    row = await CadenceRule.select_for_update().get(code=rule.code)
    if row.version != version:
        raise StaleCadence
    if not await CadenceRuleVersion.exists(rule_id=row.id):
        await _keep(row, why=FIRST_WHY, by=None, at=None)
    return row


async def _keep(row: CadenceRule, *, why: str, by: Person | None, at: datetime | None) -> None:
    await CadenceRuleVersion.create(rule=row, version=row.version, content=row.content, why=why, at=at, by=by)
