"""Credits: each message costs one permission of its receiver, and WeChat's answers correct the count.

A permission of a long-term template allows any number of messages and is not used up.
"""

from uuid import UUID

from tortoise import connections
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models import SubscriptionQuota

SPEND = """
UPDATE subscription_quota SET credits = credits - CASE WHEN is_long_term THEN 0 ELSE 1 END
WHERE person_id = $1 AND template = $2 AND credits > CASE WHEN is_long_term THEN 0 ELSE $3 END RETURNING id
"""


async def spend(person_id: UUID, template: str, *, spare: int = 0) -> bool:
    """Take one credit if there are more than `spare`; returns whether one was taken."""
    values = [person_id, template, spare]
    return bool(await connections.get("default").execute_query_dict(SPEND, values))


async def give_back(person_id: UUID, template: str) -> None:
    """Return a credit that was spent for nothing."""
    await _quota(person_id, template).filter(is_long_term=False).update(credits=F("credits") + 1)


async def own_up(person_id: UUID, template: str) -> None:
    """Set the credit to zero after WeChat refused (43101), because our count was wrong."""
    await _quota(person_id, template).update(credits=0)


def _quota(person_id: UUID, template: str) -> QuerySet[SubscriptionQuota]:
    return SubscriptionQuota.filter(person_id=person_id, template=template)
