"""Cadence rules: the city pack's, changed or added by the office with a reason; nothing is ever lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from models import CadenceRule, CadenceRuleVersion, Organisation
from server.kernel.refusal import NoSuchThing
from server.obligations.refusals import CadenceNotUsable
from server.packs import CadenceContent, CadenceEntry

LONGEST_CODE = 40
FIRST_WHY = "城市配置里的规则"
Cadences = Sequence[CadenceEntry]  # the city pack's rules


@dataclass(frozen=True)
class Rule:
    """A cadence rule as it is in force."""

    code: str
    content: CadenceContent
    version: int


@dataclass(frozen=True)
class PastRule:
    """One version of a rule; the city pack's has neither time nor author."""

    version: int
    content: CadenceContent
    why: str
    at: datetime | None
    by_id: UUID | None


class NewCadence(Struct, frozen=True):
    """A rule's new content, and the reason for the change."""

    content: CadenceContent
    why: Annotated[str, Meta(min_length=2, max_length=200)]


async def rules_in_force(cadences: Cadences) -> list[Rule]:
    """Return all rules: the city pack's in its order, each as the office changed it, then the office's own."""
    own = {one.code: one for one in await CadenceRule.all().order_by("code")}
    given = [_rule(one, own.pop(one.code, None)) for one in cadences]
    return [*given, *(Rule(one.code, content_of(one.content), one.version) for one in own.values())]


async def rule_named(code: str, cadences: Cadences) -> Rule:
    """Return one rule; raises NoSuchThing."""
    if len(code) > LONGEST_CODE:
        raise NoSuchThing
    own = await CadenceRule.get_or_none(code=code)
    given = next((one for one in cadences if one.code == code), None)
    if given:
        return _rule(given, own)
    if own is None:
        raise NoSuchThing
    return Rule(code, content_of(own.content), own.version)


async def history_of(code: str, cadences: Cadences) -> list[PastRule]:
    """Return all versions of a rule, newest first."""
    kept = await CadenceRuleVersion.filter(rule__code=code).order_by("-version")
    if not kept:
        rule = await rule_named(code, cadences)
        return [PastRule(1, rule.content, FIRST_WHY, None, None)]
    return [PastRule(one.version, content_of(one.content), one.why, one.at, one.by_id) for one in kept]


async def check(content: CadenceContent) -> CadenceContent:
    """Return a rule that can be used; raises CadenceNotUsable."""
    if content.most is not None and content.most < content.least:
        raise CadenceNotUsable("上限比下限还小。")
    if not (content.kinds or content.organisations):
        raise CadenceNotUsable("没有选择由谁完成。")
    if len(set(content.proofs)) < len(content.proofs):
        raise CadenceNotUsable("佐证种类里有重复的。")
    named = {*content.organisations, *content.excluded}
    known = set(await Organisation.filter(code__in=named).values_list("code", flat=True))
    if strange := sorted(named - known):
        raise CadenceNotUsable(f"没有代号为“{strange[0]}”的单位。")
    return content


def asked(content: CadenceContent, organisations: Iterable[Organisation]) -> list[Organisation]:
    """Return the organisations that a rule asks, among those that are open. Pure."""
    return [
        one
        for one in organisations
        if (one.kind in content.kinds or one.code in content.organisations)
        and one.code not in content.excluded
    ]


def _rule(given: CadenceEntry, own: CadenceRule | None) -> Rule:
    if own is not None:
        return Rule(given.code, content_of(own.content), own.version)
    told = msgspec.to_builtins(given)
    del told["code"]
    return Rule(given.code, content_of(told), 1)


def content_of(stored: dict[str, Any]) -> CadenceContent:
    """Return the content of a stored rule."""
    return msgspec.convert(stored, CadenceContent)
