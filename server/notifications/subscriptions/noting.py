"""Recording a person's answers: each yes allows one message, after a no they are not asked for a while."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from random import SystemRandom
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise import connections

from models.vocabulary import SubscriptionOutcome
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.notifications.subscriptions.moments import PURPOSES, Moment
from server.people import Actor

NOTE = """
INSERT INTO subscription_quota (id, person_id, template, credits, outcome, told_on, is_long_term)
SELECT gen_random_uuid(), id, $2::text, $3::int, $4::text, $5::date, $6::boolean FROM person WHERE id = $1::uuid
ON CONFLICT (person_id, template) DO UPDATE
SET credits = subscription_quota.credits + excluded.credits, outcome = excluded.outcome, told_on = excluded.told_on,
  is_long_term = excluded.is_long_term
"""


class Outcome(Struct, frozen=True, forbid_unknown_fields=True):
    """What WeChat told the phone about one template."""

    template: Annotated[str, Meta(min_length=1, max_length=64)]
    outcome: SubscriptionOutcome


Heard = tuple[UUID, str, int, str, date, bool]
_heard: list[Heard] = []  # answers heard at somebody's report and not yet written to the database


async def note(
    outcomes: Sequence[Outcome],
    *,
    templates: Mapping[str, str],
    long_term: Collection[str] = (),
    by: Actor,
    now: datetime,
) -> list[Outcome]:
    """Count the allowed messages; answers about templates the office doesn't use are ignored.

    Permissions given at a report are written later, together with those of others: written at once, the person's row
    would stand next to the report's.
    """
    noted = [one for one in outcomes if one.template in templates.values()]
    at_report = {templates.get(purpose) for purpose in PURPOSES[Moment.REPORTED]}
    heard = [
        (
            by.person.id,
            one.template,
            _more(one),
            one.outcome.value,
            business_date(now),
            one.template in long_term,
        )
        for one in noted
    ]
    _heard.extend(one for one in heard if one[1] in at_report)
    await _write_down([one for one in heard if one[1] not in at_report])
    return noted


async def write_down_heard() -> None:
    """Write down the permissions given at reports, all at once and in no order."""
    heard = list(_heard)
    _heard.clear()
    SystemRandom().shuffle(heard)
    await _write_down(heard)


def refused_lately(person_id: UUID) -> set[str]:
    """Return the templates a person refused in this process that are not yet written down."""
    return {template for person, template, more, *_ in _heard if person == person_id and not more}


@unit_of_work
async def _write_down(heard: Sequence[Heard]) -> None:
    for one in heard:
        await connections.get("default").execute_query(NOTE, list(one))


def _more(one: Outcome) -> int:
    return 1 if one.outcome is SubscriptionOutcome.ACCEPT else 0
