"""The truth about a person's subscriptions: what they answered last and how many messages are left (REM-11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from models import SubscriptionQuota
from models.vocabulary import SubscriptionOutcome, Word
from server.people import Actor

NAMES = {
    "item_due": "期限和逾期提醒",
    "item_decided": "审核结果",
    "review_due": "待审核的上报",
    "report_answered": "上报有新消息",
    "recheck": "请您回访",
}


class SubscriptionTruth(Word):
    """Whether a message would arrive now."""

    ACCEPTED = "accepted", "可以收到"
    NO_CREDIT = "no_credit", "次数已用完"
    REJECTED = "rejected", "您选择了不接收"
    NEVER_ASKED = "never_asked", "还没有问过您"


WORDS = {
    SubscriptionTruth.ACCEPTED: "还能收到{credits}次，办理事项时再点“允许”会增加。",
    SubscriptionTruth.NO_CREDIT: "下次办理事项时请点“允许”，否则只能在小程序里看到。",
    SubscriptionTruth.REJECTED: "要重新接收，请在微信的设置里打开。",
    SubscriptionTruth.NEVER_ASKED: "办理事项时会问您一次。",
}


@dataclass(frozen=True)
class Told:
    """One kind of message and whether it would arrive."""

    template: str
    name: str
    state: SubscriptionTruth
    words: str
    credits: int


async def truth_of(actor: Actor, *, templates: Mapping[str, str]) -> list[Told]:
    """Return the state of every kind of message that the office uses."""
    kept = {one.template: one for one in await SubscriptionQuota.filter(person_id=actor.person.id)}
    return [_told(purpose, template, kept.get(template)) for purpose, template in templates.items()]


def _told(purpose: str, template: str, quota: SubscriptionQuota | None) -> Told:
    state = state_of(quota)
    if quota and quota.is_long_term and state is SubscriptionTruth.ACCEPTED:
        return Told(template, NAMES[purpose], state, "长期有效。", quota.credits)
    left = quota.credits if quota else 0
    return Told(template, NAMES[purpose], state, WORDS[state].format(credits=left), left)


def state_of(quota: SubscriptionQuota | None) -> SubscriptionTruth:
    """Return whether a message would arrive, by the last answer and the credits left. Pure."""
    if quota is None:
        return SubscriptionTruth.NEVER_ASKED
    if quota.credits > 0:
        return SubscriptionTruth.ACCEPTED
    refused = quota.outcome in (SubscriptionOutcome.REJECT, SubscriptionOutcome.BAN)
    return SubscriptionTruth.REJECTED if refused else SubscriptionTruth.NO_CREDIT
