"""The rules: what is in force, what was before, and changing one with a reason; nothing is ever lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from models import Person, ReminderRule, ReminderRuleVersion
from models.vocabulary import Recipient
from server import journal
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.packs import ReminderContent, ways_of
from server.people import Actor, Permission
from server.reminders.subjects import Kind, kind_named, kinds
from server.reminders.wording import check_words

FIRST_WHY = "城市配置里的规则"
CLIMBERS = (Recipient.SUBSTITUTE, Recipient.CONTACT, Recipient.LEADING_OFFICIAL, Recipient.OFFICE)


class StaleRule(Refusal):
    """The rule has changed since it was shown."""

    message_zh = "这条提醒规则刚刚被别人改过。"
    hint_zh = "请刷新页面，看过现在的规则再改。"


class RuleNotUsable(Refusal):
    """The rule contradicts itself."""

    status = 422
    message_zh = "这条提醒规则不能这样写。"
    hint_zh = "请按页面上的说明修改。"


@dataclass(frozen=True)
class Rule:
    """A kind's rule as it is in force."""

    kind: Kind
    content: ReminderContent
    version: int


@dataclass(frozen=True)
class PastRule:
    """One version of a rule; the city pack's has neither time nor author."""

    version: int
    content: ReminderContent
    why: str
    at: datetime | None
    by_id: UUID | None


class NewRule(Struct, frozen=True):
    """A rule's new content, and the reason for the change."""

    content: ReminderContent
    why: Annotated[str, Meta(min_length=2, max_length=200)]


async def rules_in_force(*, city_pack: str) -> list[Rule]:
    """Return the rule of every registered kind."""
    changed = {one.kind: one for one in await ReminderRule.all()}
    return [_rule(kind, changed.get(kind.code), city_pack=city_pack) for kind in kinds()]


async def rule_of(code: str, *, city_pack: str) -> Rule:
    """Return one kind's rule; raises NoSuchThing."""
    kind = kind_named(code)
    if kind is None:
        raise NoSuchThing
    return _rule(kind, await ReminderRule.get_or_none(kind=code), city_pack=city_pack)


async def history_of(code: str, *, city_pack: str) -> list[PastRule]:
    """Return all versions of a rule, newest first."""
    kept = await ReminderRuleVersion.filter(rule__kind=code).order_by("-version")
    if not kept:
        rule = await rule_of(code, city_pack=city_pack)
        return [PastRule(1, rule.content, FIRST_WHY, None, None)]
    return [PastRule(one.version, _content(one.content), one.why, one.at, one.by_id) for one in kept]


@unit_of_work
async def change_rule(
    code: str, *, version: int, new: NewRule, city_pack: str, by: Actor, now: datetime
) -> Rule:
    """Change a rule from the next reminder on; the same content changes nothing.

    Raises StaleRule, RuleNotUsable, ReminderBlankNotKnown.
    """
    by.reaches(Permission.KEEP_REMINDERS)
    content = check(new.content)
    before = await rule_of(code, city_pack=city_pack)
    rule = await _at(before, version=version)
    if _content(rule.content) == content:
        return before
    rule.content, rule.version = msgspec.to_builtins(content), rule.version + 1
    await rule.save()
    await _keep(rule, why=new.why, by=by.person, at=now)
    await journal.record(
        "reminder_rule.changed",
        rule,
        by=by.person,
        name=before.kind.label,
        version=rule.version,
        content=rule.content,
        why=new.why,
    )
    return Rule(before.kind, content, rule.version)


def check(content: ReminderContent) -> ReminderContent:
    """Return a rule with its lists in order; raises RuleNotUsable or ReminderBlankNotKnown. Pure."""
    check_words(content)
    for name, values in (
        ("提前和逾期的天数", content.offsets),
        ("渠道", content.channels),
        ("对象", content.to),
    ):
        if len(set(values)) < len(values):
            raise RuleNotUsable(f"{name}里有重复的。")
    if strange := [one.label for one in content.climbs if one not in CLIMBERS]:
        raise RuleNotUsable(f"逐级提醒的对象不能是{strange[0]}。")
    return msgspec.structs.replace(content, offsets=sorted(content.offsets))


def _rule(kind: Kind, own: ReminderRule | None, *, city_pack: str) -> Rule:
    if own is not None:
        return Rule(kind, _content(own.content), own.version)
    given = next((one for one in ways_of(city_pack).reminders if one.kind == kind.code), None)
    if given is None:
        return Rule(kind, kind.usual, 1)
    told = msgspec.to_builtins(given)
    del told["kind"]
    return Rule(kind, _content(told), 1)


def _content(stored: dict[str, Any]) -> ReminderContent:
    return msgspec.convert(stored, ReminderContent)


async def _at(rule: Rule, *, version: int) -> ReminderRule:
    """Return the rule's row, locked; the first change also stores the city pack's rule as version one."""
    first = ReminderRule(kind=rule.kind.code, content=msgspec.to_builtins(rule.content), version=1)
    await ReminderRule.bulk_create([first], ignore_conflicts=True)
    kept = await ReminderRule.select_for_update().get(kind=rule.kind.code)
    if kept.version != version:
        raise StaleRule
    if not await ReminderRuleVersion.exists(rule_id=kept.id):
        await _keep(kept, why=FIRST_WHY, by=None, at=None)
    return kept


async def _keep(rule: ReminderRule, *, why: str, by: Person | None, at: datetime | None) -> None:
    await ReminderRuleVersion.create(
        rule=rule, version=rule.version, content=rule.content, why=why, at=at, by=by
    )
