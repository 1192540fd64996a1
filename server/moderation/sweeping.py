"""The timers: what is due is asked again or given to a person, and what nobody opened is opened."""

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
FAILURES = 3  # in one sweep; the rest waits for the next, and a picture that always fails stops nobody

# Reports whose words, or a shown photo of whose manifest, have no check: a worker died before opening it.
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
    """Open what is to be checked of a report and have it judged; safe to repeat."""
    for check in await open_checks(observation, now=tools.clock.now()):
        if not await ask(check, tools=tools):
            break


async def check_photo(photo: Photo, *, tools: Tools) -> None:
    """Have a photo that can be shown judged, if it is a report's; safe to repeat."""
    for observation in await observations.naming(photo):
        await check_report(observation, tools=tools)


async def sweep(*, tools: Tools) -> None:
    """Take up what was missed and ask what is due, the oldest first, as long as WeChat answers."""
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
