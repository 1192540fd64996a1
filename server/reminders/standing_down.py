"""Standing down: reminders end the moment their cause is gone, in the transaction that took it away.

Whoever acts on a matter has acknowledged its reminders; a hand-over moves them to the successor (M04 AT2).
"""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from tortoise import connections

from server.kernel.unit_of_work import unit_of_work

# $1 the matter, $2 'kind due-date' of each deadline it still has, $3 who acts on it, $4 why the others end.
SETTLE = """
WITH gone AS (
  UPDATE reminder SET state = CASE WHEN person_id = $3 THEN 'acknowledged' ELSE 'withdrawn' END,
    acknowledged_at = CASE WHEN person_id = $3 THEN now() END, ended_at = now(), ended_because = $4, next_at = NULL,
    climbs_at = NULL
  WHERE subject_id = $1 AND ended_at IS NULL AND NOT (kind || ' ' || due_on::text = ANY ($2::text[]))
  RETURNING id
), acknowledged AS (
  UPDATE reminder SET state = 'acknowledged', acknowledged_at = now(), ended_at = now(), next_at = NULL,
    climbs_at = NULL, opened_at = COALESCE(opened_at, now())
  WHERE subject_id = $1 AND ended_at IS NULL AND person_id = $3 AND kind || ' ' || due_on::text = ANY ($2::text[])
  RETURNING id
), unread AS (
  DELETE FROM inbox_message WHERE reminder_id IN (SELECT id FROM gone) AND read_on IS NULL
), ended AS (SELECT id FROM gone UNION ALL SELECT id FROM acknowledged)
"""
UNSENT = """
UPDATE delivery d SET state = 'withdrawn', settled_at = now()
WHERE d.state IN ('planned', 'held') AND d.claimed_at IS NULL
  AND d.id IN (SELECT delivery_id FROM delivery_reminder WHERE reminder_id IN (SELECT id FROM ended))
  AND NOT EXISTS (
    SELECT FROM delivery_reminder l JOIN reminder r ON r.id = l.reminder_id
    WHERE l.delivery_id = d.id AND r.ended_at IS NULL AND r.id NOT IN (SELECT id FROM ended))
"""
ACKNOWLEDGE = """
WITH ended AS (
  UPDATE reminder SET state = 'acknowledged', acknowledged_at = now(), ended_at = now(), next_at = NULL,
    climbs_at = NULL, opened_at = COALESCE(opened_at, now())
  WHERE id = $1 AND person_id = $2 AND ended_at IS NULL
  RETURNING id
)
"""
# $1 from whom, $2 to whom, $3 of which matters. What the successor has already been told ends.
MOVE = """
WITH moved AS (
  UPDATE reminder r SET person_id = $2, state = 'delivered', opened_at = NULL, step = 0, rung = 0,
    next_at = CASE WHEN r.channels <> '[]' THEN now() END,
    climbs_at = CASE WHEN r.climbs_at IS NOT NULL THEN greatest(r.climbs_at, now() + interval '1 day') END
  WHERE r.person_id = $1 AND r.subject_id = ANY ($3::uuid[]) AND r.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM reminder o WHERE o.person_id = $2 AND o.subject_id = r.subject_id AND o.kind = r.kind
      AND o.round = r.round AND o.due_on = r.due_on AND o."offset" = r."offset")
  RETURNING id
), ended AS (
  UPDATE reminder r SET state = 'withdrawn', ended_at = now(), ended_because = '已交接', next_at = NULL,
    climbs_at = NULL
  WHERE r.ended_at IS NULL AND r.subject_id = ANY ($3::uuid[]) AND r.id NOT IN (SELECT id FROM moved)
    AND (r.person_id = $1 OR r.climbed_from_id IN (SELECT id FROM moved))
  RETURNING id
), messages AS (
  UPDATE inbox_message SET person_id = $2, read_on = NULL WHERE reminder_id IN (SELECT id FROM moved)
), unread AS (
  DELETE FROM inbox_message WHERE reminder_id IN (SELECT id FROM ended) AND read_on IS NULL
)
UPDATE delivery d SET state = 'withdrawn', settled_at = now()
WHERE d.state IN ('planned', 'held') AND d.claimed_at IS NULL AND d.person_id = $1
  AND d.id IN (SELECT delivery_id FROM delivery_reminder
    WHERE reminder_id IN (SELECT id FROM moved UNION ALL SELECT id FROM ended))
  AND NOT EXISTS (
    SELECT FROM delivery_reminder l JOIN reminder r ON r.id = l.reminder_id
    WHERE l.delivery_id = d.id AND r.ended_at IS NULL AND r.subject_id <> ALL ($3::uuid[]))
"""


async def settle(
    subject_id: UUID, *, still: Iterable[tuple[str, date | None]], by: UUID | None, because: str
) -> None:
    """End a matter's reminders except those of the deadlines it still has; the actor's own count as acknowledged.

    `still` holds the kinds and deadlines that the matter has now. Joins the transaction of the change.
    """
    due = [f"{kind} {due_on.isoformat()}" for kind, due_on in still if due_on]
    await connections.get("default").execute_query(SETTLE + UNSENT, [subject_id, due, by, because])


@unit_of_work
async def acknowledge(reminder_id: UUID, *, by: UUID) -> None:
    """Acknowledge one reminder: its ladder stops for this person alone. Repeating it changes nothing."""
    await connections.get("default").execute_query(ACKNOWLEDGE + UNSENT, [reminder_id, by])


async def move(subject_ids: Collection[UUID], *, to: UUID, away_from: UUID) -> None:
    """Move the open reminders of some matters to a successor, unread and from the first channel on."""
    await connections.get("default").execute_query(MOVE, [away_from, to, list(subject_ids)])
