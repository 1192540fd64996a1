"""Finding a person's reports by the marks they may have left, and a report's reporter by its box."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import connections

from models import Salt
from server.gateways.sealing import Inside
from server.reporters.keys import mark_keys
from server.reporters.months import months_between
from server.reporters.role import opened
from server.reporters.salting import salts_of

FIRST_BLOCK = 32

MARKED = "SELECT mark, observation_id FROM reporter WHERE mark = ANY($1::bytea[])"
NEWEST = "SELECT max(received_at) AS at FROM observation"
BOXES = "SELECT observation_id, box, key_id FROM reporter WHERE observation_id = ANY($1::uuid[])"


@dataclass(frozen=True)
class Found:
    """A report of a person, with its month and its number within that month."""

    month: int
    number: int
    observation_id: UUID


@dataclass(frozen=True)
class Past:
    """The ids of a person's reports, oldest first, and the day since which they can have reported, if it is known."""

    known_since: date | None
    reports: list[UUID]


async def mine(person_id: UUID, *, since: date | None = None) -> list[UUID]:
    """Return the ids of all reports a person sent, or of those since the month of `since`; oldest first."""
    return (await past_of(person_id, since=since)).reports


async def past_of(person_id: UUID, *, since: date | None = None) -> Past:
    """Return what a person reported since the month of `since`, or ever, in one turn of the role."""
    newest = await _newest()
    async with opened():
        salts = await salts_of(person_id)
        found: list[tuple[int, int, int, UUID]] = []
        for later, own in enumerate(salts):
            first = max(own.since, since) if since else own.since
            of_salt = await marked(own.salt, months_between(first, newest) if newest else [])
            found += [(one.month, later, one.number, one.observation_id) for one in of_salt]
    known_since = min((own.since for own in salts), default=None)
    return Past(known_since, [observation_id for *_, observation_id in sorted(found)])


async def marked(salt: bytes, months: Iterable[int]) -> list[Found]:
    """Return the reports with marks of this salt in these months.

    The numbers of a month have no gap, so a block that is not full is the last one.
    """
    found: list[Found] = []
    todo, first, size = list(months), 0, FIRST_BLOCK
    while todo:
        numbers = range(first, first + size)
        looked_for = mark_keys().marks(salt, months=todo, numbers=numbers)
        async with opened():
            rows = await connections.get("default").execute_query_dict(MARKED, [list(looked_for)])
        found += [Found(*looked_for[bytes(row["mark"])], row["observation_id"]) for row in rows]
        full = {one.month for one in found if one.number == numbers[-1]}
        todo = [month for month in todo if month in full]
        first, size = first + size, size * 2
    return found


async def reporter_of(observation_id: UUID) -> UUID | None:
    """Return who sent a report; None if it is sealed or its reporter was forgotten."""
    return (await reporters_of([observation_id])).get(observation_id)


async def reporters_of(observation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the sender of each report, leaving out reports without a known sender."""
    async with opened():
        rows = await connections.get("default").execute_query_dict(BOXES, [list(observation_ids)])
        salts = {row["observation_id"]: _inside(row).salt_id for row in rows}
        owners = {one.id: one.person_id for one in await Salt.filter(id__in=set(salts.values()))}
    return {report: owners[salt] for report, salt in salts.items() if salt in owners}


async def sent_by(person_id: UUID, observation_id: UUID) -> bool:
    """Return whether this person sent a report."""
    return await reporter_of(observation_id) == person_id


def _inside(row: dict[str, Any]) -> Inside:
    return mark_keys().open(bytes(row["box"]), key_id=row["key_id"], bound_to=row["observation_id"])


async def _newest() -> datetime | None:
    """Return when the newest report of all arrived; a person's own can't be newer."""
    rows = await connections.get("default").execute_query_dict(NEWEST)
    found: datetime | None = rows[0]["at"]
    return found
