"""Reading policies one by one: the version in force and all earlier ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import Policy, PolicyVersion
from server.kernel.refusal import NoSuchThing
from server.packs import city
from server.policies.kinds import PolicyKind, kind_named, kinds

FIRST_WHY = "城市配置里的规则"


@dataclass(frozen=True)
class PolicyNow:
    """A policy as it is in force."""

    kind: PolicyKind
    content: Struct
    version: int


@dataclass(frozen=True)
class PastPolicy:
    """One version of a policy; the city pack's has neither time nor author."""

    version: int
    content: Struct
    why: str
    at: datetime | None
    by_id: UUID | None


async def policies_now() -> list[PolicyNow]:
    """Return every policy as it is in force."""
    changed = {one.code: one for one in await Policy.all()}
    return [_now(kind, changed.get(kind.code)) for kind in kinds()]


async def policy_now(code: str) -> PolicyNow:
    """Return one policy as it is in force; raises NoSuchThing."""
    kind = kind_named(code)
    if kind is None:
        raise NoSuchThing
    return _now(kind, await Policy.get_or_none(code=code))


async def history_of(code: str) -> list[PastPolicy]:
    """Return all versions of a policy, newest first; raises NoSuchThing."""
    now = await policy_now(code)
    kept = await PolicyVersion.filter(policy__code=code).order_by("-version")
    if not kept:
        return [PastPolicy(1, now.content, FIRST_WHY, None, None)]
    return [
        PastPolicy(one.version, content_of(now.kind, one.content), one.why, one.at, one.by_id) for one in kept
    ]


def content_of(kind: PolicyKind, stored: dict[str, Any]) -> Struct:
    """Return a stored content in its type. Pure."""
    return msgspec.convert(stored, kind.shape)


def _now(kind: PolicyKind, own: Policy | None) -> PolicyNow:
    if own is None:
        given: Struct = kind.given(city())
        return PolicyNow(kind, given, 1)
    return PolicyNow(kind, content_of(kind, own.content), own.version)
