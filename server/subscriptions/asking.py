"""Asking: the templates worth a person's yes at this very tap, by what will be sent to him next (REM-02)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from models import SubscriptionQuota
from models.vocabulary import SubscriptionOutcome, Word
from server.people import Visitor

MOST = 3  # templates in one question; WeChat refuses more
ENOUGH = 5  # messages in hand, beyond which nobody is asked
LEAVE_ALONE = timedelta(days=30)  # after a no


class Moment(Word):
    """A tap at which a question is of use to the person."""

    REPORTED = "reported", "提交上报"
    HANDLED = "handled", "办理事项"
    REVIEWED = "reviewed", "审核上报"


# What follows from a tap, the most useful first; the names are those of the setting WECHAT_TEMPLATES.
PURPOSES: dict[Moment, tuple[str, ...]] = {
    Moment.REPORTED: ("report_answered", "recheck"),
    Moment.HANDLED: ("item_due", "item_decided"),
    Moment.REVIEWED: ("review_due",),
}


async def asked_now(
    visitor: Visitor, moment: Moment, *, templates: Mapping[str, str], now: datetime
) -> list[str]:
    """The template ids to ask for at this tap, at most three; none that was refused lately or is in hand."""
    wanted = [templates[purpose] for purpose in PURPOSES[moment] if purpose in templates]
    kept = await SubscriptionQuota.filter(person_id=visitor.person.id, template__in=wanted)
    settled = {one.template for one in kept if _is_settled(one, now=now)}
    return [template for template in wanted if template not in settled][:MOST]


def _is_settled(quota: SubscriptionQuota, *, now: datetime) -> bool:
    if quota.outcome in (SubscriptionOutcome.REJECT, SubscriptionOutcome.BAN):
        return now - quota.told_at < LEAVE_ALONE
    return quota.credits >= ENOUGH
