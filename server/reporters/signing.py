"""Signing a new report: it gets its mark and box while other units of work of its reporter wait."""

from datetime import datetime
from uuid import UUID

from tortoise import connections

from models import Reporter
from server.gateways.sealing import Inside
from server.kernel.clock import business_date
from server.reporters.finding import marked
from server.reporters.keys import mark_keys
from server.reporters.months import month_of
from server.reporters.role import opened
from server.reporters.salting import salts_of

LOCK = "SELECT pg_advisory_xact_lock(number) FROM unnest($1::bigint[]) AS number"  # in this order


class NeverSignedIn(RuntimeError):
    """The reporter has no salt, though they must have signed in before: a programming error."""


async def lock_reporter(person_id: UUID) -> None:
    """Serialise one person's units of work on reports, so that a retry always meets its first attempt.

    This locks no row of the person, because that would write this transaction's number next to their name.
    """
    await connections.get("default").execute_query(LOCK, [list(mark_keys().lines(person_id))])


async def sign(observation_id: UUID, *, by: UUID, at: datetime) -> None:
    """Mark a new report as this person's, received at `at`; call `lock_reporter` for the person first."""
    month, keys = month_of(business_date(at)), mark_keys()
    async with opened():
        salts = await salts_of(by)
        if not salts:
            raise NeverSignedIn
        own = salts[0]
        number = max((one.number for one in await marked(own.salt, [month])), default=-1) + 1
        await Reporter.create(
            observation_id=observation_id,
            mark=keys.mark(own.salt, month=month, number=number),
            box=keys.box(Inside(own.id, month, number), bound_to=observation_id),
            key_id=keys.current,
        )
