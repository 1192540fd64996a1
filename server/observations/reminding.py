"""What reviewers are reminded of: the day by which reports must be answered, one reminder for all reports of a day.

A reminder names an office and a day, never a report: what it joins is known to every reviewer from the queue.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tortoise import connections

from models.vocabulary import Recipient
from server import reminders
from server.reminders import Kind, Matter

REVIEW_CLOCK = "review_clock"
EARLIEST = "SELECT min(promised_on) AS day FROM observation WHERE state IN ('received', 'waiting_media', 'more_asked')"
WAITING = """
SELECT office_id, promised_on, count(*) AS reports FROM observation
WHERE state IN ('received', 'waiting_media') AND (promised_on = ANY ($1::date[]) OR office_id = ANY ($2::uuid[]))
GROUP BY office_id, promised_on ORDER BY promised_on
"""


async def _earliest() -> date | None:
    rows = await connections.get("default").execute_query_dict(EARLIEST)
    day: date | None = rows[0]["day"]
    return day


async def _due_on(days: Collection[date], on: date) -> list[Matter]:
    return await _matters(days, [], on=on)


async def _still_due(office_ids: Collection[UUID], on: date) -> list[Matter]:
    return await _matters([], office_ids, on=on)


async def _matters(days: Collection[date], office_ids: Collection[UUID], *, on: date) -> list[Matter]:
    rows = await connections.get("default").execute_query_dict(WAITING, [list(days), list(office_ids)])
    people = await reminders.reviewers_of({row["office_id"] for row in rows}, on=on)
    return [
        Matter(
            subject_id=row["office_id"],
            due_on=row["promised_on"],
            number="上报审核",
            title=f"{row['reports']}件上报",
            people={Recipient.OFFICE: people.get(row["office_id"], ())},
        )
        for row in rows
    ]


reminders.reminds_of(
    Kind(REVIEW_CLOCK, "上报答复期限", "review_queue", _earliest, _due_on, _still_due, is_settled=False)
)
