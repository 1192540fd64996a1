"""Noting what somebody answered: each yes allows one message, a no is left alone for a while."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from tortoise import connections

from models.vocabulary import SubscriptionOutcome
from server.people import Visitor
from server.work import deed

NOTE = """
INSERT INTO subscription_quota (id, person_id, template, credits, outcome, told_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5)
ON CONFLICT (person_id, template) DO UPDATE
SET credits = subscription_quota.credits + excluded.credits, outcome = excluded.outcome, told_at = excluded.told_at
"""


class Outcome(Struct, frozen=True, forbid_unknown_fields=True):
    """What WeChat told the phone about one template."""

    template: Annotated[str, Meta(min_length=1, max_length=64)]
    outcome: SubscriptionOutcome


@deed
async def note(
    outcomes: Sequence[Outcome], *, known: Collection[str], by: Visitor, now: datetime
) -> list[Outcome]:
    """Count what was allowed; answers about templates the office doesn't use are passed over."""
    noted = [one for one in outcomes if one.template in known]
    for one in noted:
        more = 1 if one.outcome is SubscriptionOutcome.ACCEPT else 0
        await connections.get("default").execute_query(
            NOTE, [by.person.id, one.template, more, one.outcome.value, now]
        )
    return noted
