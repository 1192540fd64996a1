"""The moderation timers: due checks are asked again or given to a person, and missing checks are opened."""

from datetime import datetime, timedelta

from tortoise import connections

from models import ContentCheck, Observation, Photo
from models.vocabulary import ContentState
from server import observations
from server.moderation.asking import ask
from server.moderation.opening import open_checks
from server.tools import Tools

AT_ONCE = 200
LEFT_BEHIND = timedelta(minutes=10)
LOOK_BACK = timedelta(days=7)
FAILURES = 3  # per sweep; the rest waits for the next one, so a picture that always fails blocks nobody

# Reports with unchecked words or an unchecked photo that can be shown: a worker died before opening the check.
MISSED = """
SELECT o.id FROM observation o
WHERE o.received_at BETWEEN $1 AND $2 AND o.state NOT IN ('withdrawn', 'declined') AND (
    NOT EXISTS (
        SELECT FROM content_check c WHERE c.subject_id = o.id AND c.kind = 'text'
        AND c.digest = encode(sha256(convert_to(o.text || chr(10) || o.place_name, 'UTF8')), 'hex'))
    OR EXISTS (
        SELECT FROM manifest_line l JOIN photo p ON p.subject_id = l.subject_id AND p.sha256 = l.sha256
        JOIN rendition r ON r.photo_id = p.id AND r.subject_id = l.subject_id AND r.made_at < $2
        WHERE l.subject_id = o.id AND NOT EXISTS (
            SELECT FROM content_check c
            WHERE c.subject_id = o.id AND c.kind = 'photo' AND c.digest = l.sha256)))
LIMIT $3
"""


async def check_report(observation: Observation, *, tools: Tools) -> None:
    """Open the missing checks of a report and have them judged; safe to repeat."""
    for check in await open_checks(observation, now=tools.clock.now()):
        if not await ask(check, tools=tools):
            break


async def check_photo(photo: Photo, *, tools: Tools) -> None:
    """Have a photo that can be shown judged if it belongs to a report; safe to repeat."""
    for observation in await observations.naming(photo):
        await check_report(observation, tools=tools)


async def sweep(*, tools: Tools) -> None:
    """Open missing checks and ask those that are due, oldest first, as long as WeChat answers."""
    now = tools.clock.now()
    for observation in await _missed(now):
        await open_checks(observation, now=now)
    due = ContentCheck.filter(state=ContentState.PENDING, decision=None, due_at__lte=now)
    failures = 0
    for check in await due.order_by("opened_at").limit(AT_ONCE):
        failures += not await ask(check, tools=tools)
        if failures == FAILURES:
            break


async def _missed(now: datetime) -> list[Observation]:
    rows = await connections.get("default").execute_query_dict(
        MISSED, [now - LOOK_BACK, now - LEFT_BEHIND, AT_ONCE]
    )
    return await Observation.filter(id__in=[row["id"] for row in rows])
