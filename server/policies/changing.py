"""Changing a policy: a new version with its reason; nothing that was in force is ever lost."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from models import Person, Policy, PolicyVersion
from server import journal
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.packs import Categories, QuietHours
from server.people import Actor, Permission
from server.policies.reading import FIRST_WHY, PolicyNow, content_of, policy_now


class StalePolicy(Refusal):
    """The policy has changed since it was shown."""

    message_zh = "这条规则刚刚被别人改过。"
    hint_zh = "请刷新页面，看过现在的规则再改。"


class PolicyNotUsable(Refusal):
    """The policy contradicts itself."""

    status = 422
    message_zh = "这条规则不能这样写。"
    hint_zh = "请按页面上的说明修改。"


class NewPolicy(Struct, frozen=True):
    """A policy's new content, and the reason for the change."""

    content: Struct
    why: Annotated[str, Meta(min_length=2, max_length=200)]


@unit_of_work
async def change_policy(code: str, *, version: int, new: NewPolicy, by: Actor, now: datetime) -> PolicyNow:
    """Change a policy for everything that happens from now on; the same content changes nothing.

    Raises NoSuchThing, StalePolicy, PolicyNotUsable.
    """
    by.reaches(Permission.KEEP_POLICIES)
    before = await policy_now(code)
    check(new.content, before=before.content)
    policy = await _at(before, version=version)
    if content_of(before.kind, policy.content) == new.content:
        return before
    policy.content, policy.version = msgspec.to_builtins(new.content), policy.version + 1
    await policy.save()
    await _keep(policy, why=new.why, by=by.person, at=now)
    await journal.record(
        "policy.changed",
        policy,
        by=by.person,
        name=before.kind.label,
        version=policy.version,
        content=policy.content,
        why=new.why,
    )
    return PolicyNow(before.kind, new.content, policy.version)


def check(content: Struct, *, before: Struct) -> None:
    """Raise PolicyNotUsable if a content contradicts itself or what was decided under it. Pure."""
    if isinstance(content, Categories) and isinstance(before, Categories):
        _check_categories(content, before)
    if isinstance(content, QuietHours) and content.starts <= content.ends:
        raise PolicyNotUsable(
            "免打扰时间要从晚上到第二天早上。", hint="开始的时间要晚于结束的时间，如22:00到07:30。"
        )


def _check_categories(new: Categories, before: Categories) -> None:
    codes, labels = [one.code for one in new.all], [one.label for one in new.all]
    if gone := [one.label for one in before.all if one.code not in codes]:
        raise PolicyNotUsable(
            f"分类“{gone[0]}”不能删除，已有上报可能属于它。", hint="不再使用的，取消“上报时可以选”。"
        )
    if len(set(codes)) < len(codes) or len(set(labels)) < len(labels):
        raise PolicyNotUsable("有两个分类的名称一样。", hint="请给每个分类起不同的名称。")


async def _at(now: PolicyNow, *, version: int) -> Policy:
    """Return the policy's row, locked; the first change also stores the city pack's content as version one."""
    first = Policy(code=now.kind.code, content=msgspec.to_builtins(now.content), version=1)
    await Policy.bulk_create([first], ignore_conflicts=True)
    kept = await Policy.select_for_update().get(code=now.kind.code)
    if kept.version != version:
        raise StalePolicy
    if not await PolicyVersion.exists(policy_id=kept.id):
        await _keep(kept, why=FIRST_WHY, by=None, at=None)
    return kept


async def _keep(policy: Policy, *, why: str, by: Person | None, at: datetime | None) -> None:
    await PolicyVersion.create(
        policy=policy, version=policy.version, content=policy.content, why=why, at=at, by=by
    )
