"""Handling WeChat's notice that a person withdrew a permission in its settings, which our pages can't see."""

from collections.abc import Iterable
from datetime import datetime

from models import SubscriptionQuota
from models.vocabulary import SubscriptionOutcome
from server.gateways.sealing import KeyRing
from server.gateways.wechat import SubscriptionChange
from server.kernel.clock import business_date
from server.people import identities


async def hear(changes: Iterable[SubscriptionChange], *, keys: KeyRing, now: datetime) -> None:
    """Reset the credit of people who refused; a permission is reported by the phone itself, with its tap."""
    for change in changes:
        if change.outcome != "rejected":
            continue
        person = await identities.person_of_openid(change.openid, keys=keys)
        if person:
            await SubscriptionQuota.filter(person_id=person.id, template=change.template).update(
                credits=0, outcome=SubscriptionOutcome.REJECT, told_on=business_date(now)
            )
