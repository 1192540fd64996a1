"""The form of a reminder rule, and its offsets as people write them."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from models.vocabulary import Channel, Recipient, Urgency
from server.packs import ReminderContent
from server.reminders import Kind, NewRule, RuleNotUsable

SPLIT = re.compile(r"[\s,，、;；]+")
OFFSET = re.compile(r"[-−–+]?\d{1,2}")


class TypedRule(Struct, frozen=True, kw_only=True):
    """A rule as typed."""

    offsets: Annotated[str, Meta(min_length=1, max_length=80)]
    every: Annotated[int, Meta(ge=0, le=60)] = 0
    urgency: Urgency
    climb_hours: Annotated[int, Meta(ge=1, le=80)] = 8
    title: Annotated[str, Meta(min_length=2, max_length=40)]
    body: Annotated[str, Meta(min_length=2, max_length=200)]
    is_on: bool = False
    to_commissioner: bool = False
    to_contact: bool = False
    to_member: bool = False
    to_observer: bool = False
    to_substitute: bool = False
    to_leading_official: bool = False
    to_office: bool = False
    channel_1: Channel | None = None
    channel_2: Channel | None = None
    channel_3: Channel | None = None
    channel_4: Channel | None = None
    channel_5: Channel | None = None
    climb_1: Recipient | None = None
    climb_2: Recipient | None = None
    climb_3: Recipient | None = None

    def as_content(self) -> ReminderContent:
        """Return what the rule says; raises RuleNotUsable for offsets that are no numbers and for nobody to remind."""
        to = [one for one in Recipient if getattr(self, f"to_{one.value}")]
        if not to:
            raise RuleNotUsable("没有选择提醒谁。", hint="请至少勾选一类对象。")
        return ReminderContent(
            offsets=read_offsets(self.offsets),
            every=self.every,
            to=to,
            urgency=self.urgency,
            channels=tuple(one for number in range(1, 6) if (one := getattr(self, f"channel_{number}"))),
            climbs=tuple(one for number in range(1, 4) if (one := getattr(self, f"climb_{number}"))),
            climb_hours=self.climb_hours,
            title=self.title,
            body=self.body,
            is_on=self.is_on,
        )


class ChangedRule(TypedRule, frozen=True, kw_only=True):
    """A rule as typed, with the reason, at the version that was on the screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    why: Annotated[str, Meta(min_length=2, max_length=200)]

    def as_rule(self) -> NewRule:
        """Return the rule with its reason; raises what `as_content` raises."""
        return NewRule(self.as_content(), self.why)


def read_offsets(typed: str) -> list[int]:
    """Return the offsets in a text such as -7，-3，0，1; raises RuleNotUsable."""
    parts = [part for part in SPLIT.split(typed.strip()) if part]
    if not parts or not all(OFFSET.fullmatch(part) for part in parts):
        raise RuleNotUsable(
            "提醒的天数看不懂。", hint="请写整数，用逗号隔开：到期前写负数，当天写0，逾期后写正数。"
        )
    found = [int(part.replace("−", "-").replace("–", "-")) for part in parts]
    if any(abs(one) > 60 for one in found) or len(found) > 12:
        raise RuleNotUsable("提醒的天数太多或太远。", hint="最多12个，前后各不超过60个工作日。")
    return found


def offsets_words(content: ReminderContent, kind: Kind) -> str:
    """Say when a rule reminds: 到期前7、3、1个工作日，当天，逾期1个工作日，以后每3个工作日."""
    offsets, every = content.offsets, content.every
    before = "、".join(str(-one) for one in offsets if one < 0)
    later = "、".join(str(one) for one in offsets if one > 0)
    parts = [
        f"{kind.before}{before}个工作日" if before else "",
        kind.on if 0 in offsets else "",
        f"{kind.after}{later}个工作日" if later else "",
        f"以后每{every}个工作日" if every else "",
    ]
    return "，".join(part for part in parts if part)
