"""Opening: a reminder that its person has looked at goes through no further channel."""

from datetime import datetime
from uuid import UUID

from tortoise import connections

OPENED = """
UPDATE reminder r SET state = 'opened', opened_at = $2, next_at = NULL FROM inbox_message m
WHERE m.reminder_id = r.id AND m.person_id = $1 AND r.opened_at IS NULL AND r.ended_at IS NULL
  AND (m.id = $3 OR m.created_at <= $4)
"""


async def mark_opened(
    person_id: UUID, *, now: datetime, message_id: UUID | None = None, until: datetime | None = None
) -> None:
    """Record that a person has opened one message, or all up to a moment; the first time counts."""
    await connections.get("default").execute_query(OPENED, [person_id, now, message_id, until])
