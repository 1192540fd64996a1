"""Paying: each message costs one yes of its receiver's, and what WeChat says corrects the count."""

from uuid import UUID

from tortoise import connections
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models import SubscriptionQuota

SPEND = """
UPDATE subscription_quota SET credits = credits - 1
WHERE person_id = $1 AND template = $2 AND credits > $3 RETURNING id
"""


async def spend(person_id: UUID, template: str, *, spare: int = 0) -> bool:
    """Take one credit if more than `spare` are there; returns whether one was."""
    values = [person_id, template, spare]
    return bool(await connections.get("default").execute_query_dict(SPEND, values))


async def give_back(person_id: UUID, template: str) -> None:
    """What was paid for nothing is there again."""
    await _quota(person_id, template).update(credits=F("credits") + 1)


async def own_up(person_id: UUID, template: str) -> None:
    """WeChat refused (43101): our count was wrong, no credit is left."""
    await _quota(person_id, template).update(credits=0)


def _quota(person_id: UUID, template: str) -> QuerySet[SubscriptionQuota]:
    return SubscriptionQuota.filter(person_id=person_id, template=template)
