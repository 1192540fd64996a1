"""Choosing the templates worth asking for at a tap, by what the person will be sent next (REM-02)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from models import SubscriptionQuota
from models.vocabulary import SubscriptionOutcome
from server.kernel.clock import business_date
from server.notifications.subscriptions.moments import PURPOSES, Moment
from server.notifications.subscriptions.noting import refused_lately
from server.people import Actor

MOST = 3  # templates per question; WeChat refuses more
ENOUGH = 5  # credits, above which nobody is asked
LEAVE_ALONE = timedelta(days=30)  # after a refusal


async def asked_now(
    actor: Actor, moment: Moment, *, templates: Mapping[str, str], now: datetime
) -> list[str]:
    """Return at most three template ids to ask for at this tap, leaving out recent refusals and ample credits."""
    wanted = [templates[purpose] for purpose in PURPOSES[moment] if purpose in templates]
    kept = await SubscriptionQuota.filter(person_id=actor.person.id, template__in=wanted)
    settled = {one.template for one in kept if _is_settled(one, now=now)}
    settled |= refused_lately(actor.person.id)
    return [template for template in wanted if template not in settled][:MOST]


def _is_settled(quota: SubscriptionQuota, *, now: datetime) -> bool:
    if quota.outcome in (SubscriptionOutcome.REJECT, SubscriptionOutcome.BAN):
        return business_date(now) - quota.told_on < LEAVE_ALONE
    return quota.credits >= ENOUGH
