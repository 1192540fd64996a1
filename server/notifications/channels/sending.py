"""Sending what is due, and what follows from each outcome (R4.3); the inbox has every reminder already.

What was surely not done is tried again with growing pauses until it is too late. What may have arrived is never sent
again, except what somebody must acknowledge: that is sent once more after ten minutes if nobody has looked.
"""

import json
from datetime import datetime, timedelta

import structlog
from tortoise import connections
from tortoise.expressions import F

from models import Delivery, Reminder
from models.vocabulary import Channel, DeliveryFailure
from models.vocabulary import DeliveryState as S
from server import policies
from server.gateways.sending import (
    AddresseeRefused,
    MessageRefused,
    NotSent,
    OutcomeNotKnown,
    QuotaUsedUp,
    TryLater,
)
from server.kernel.calendars import calendar
from server.kernel.unit_of_work import unit_of_work
from server.notifications.channels.advancing import advance
from server.notifications.channels.claiming import Claim, claim, tidy
from server.notifications.channels.climbing import climb
from server.notifications.channels.ways import PURPOSE, ways
from server.notifications.wechat_messages.paying import give_back, own_up
from server.notifications.wechat_messages.windows import next_morning, next_window
from server.tools import Tools

log = structlog.get_logger(__name__)

AT_ONCE = 500
FAILURES = 3  # in a row; the rest waits for the next sweep
PAUSES = [timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 180)]
AGAIN_AFTER = timedelta(minutes=10)

MINE = """
UPDATE delivery SET state = $3::text, failure = $4::text, due_at = COALESCE($5::timestamptz, due_at),
  claimed_at = CASE WHEN $3::text IN ('planned', 'held') THEN NULL ELSE claimed_at END,
  settled_at = CASE WHEN $3::text IN ('planned', 'held') THEN NULL ELSE $6::timestamptz END,
  errcode = $7::int, message_id = $8::text, tries = tries || $9::jsonb
WHERE id = $1 AND attempts = $2 AND claimed_at IS NOT NULL AND state IN ('planned', 'held', 'unknown') RETURNING id
"""
PAUSED = """
UPDATE delivery SET state = 'held', due_at = $2
WHERE channel = $1 AND claimed_at IS NULL AND state IN ('planned', 'held') AND due_at < $2
"""


async def deliver(*, tools: Tools) -> None:
    """Climb, move on to next channels and send what is due; safe to repeat, in parallel and after a crash."""
    await climb(tools=tools)
    await advance(tools=tools)
    await send_due(tools=tools)
    if await advance(tools=tools):  # a refusal makes the next channel due at once
        await send_due(tools=tools)


async def send_due(*, tools: Tools) -> None:
    """Send the messages that are due."""
    await tidy(now=tools.clock.now())
    template = tools.settings.wechat_templates.get(PURPOSE, "")
    failures, used_up = 0, False
    for _ in range(AT_ONCE):
        claimed = await claim(now=tools.clock.now(), template=template)
        if isinstance(claimed, bool):
            if not claimed:
                return
            continue
        error = await _send(claimed, tools=tools)
        if isinstance(error, QuotaUsedUp) and used_up:
            await _pause(claimed.delivery.channel, tools=tools)
        used_up = isinstance(error, QuotaUsedUp)
        failures = failures + 1 if isinstance(error, (TryLater, OutcomeNotKnown)) else 0
        if failures == FAILURES:
            return


async def _pause(channel: Channel, *, tools: Tools) -> None:
    """Hold everything of a channel until the next morning, after it has refused two messages for its quota."""
    log.error("channel_paused", channel=channel)
    until = next_morning(tools.clock.now(), calendar=await calendar())
    await connections.get("default").execute_query(PAUSED, [channel, until])


async def _send(claimed: Claim, *, tools: Tools) -> NotSent | None:
    """Send a message and return why it was not taken, or None."""
    delivery = claimed.delivery
    way = ways(tools).get(delivery.channel)
    try:
        if way is None:
            raise MessageRefused("这个渠道已停用")
        number = await way.send(claimed.message, to=delivery.person_id, tools=tools)
    except NotSent as error:
        await _not_sent(claimed, error, tools=tools)
        return error
    await _note(claimed, S.SENT, now=tools.clock.now(), message_id=number[:40], words=way.says)
    return None


async def _not_sent(claimed: Claim, error: NotSent, *, tools: Tools) -> None:
    now, channel = tools.clock.now(), claimed.delivery.channel
    match error:
        case TryLater():
            await _put_off(claimed, error, until=await _again(claimed, tools=tools), now=now)
        case QuotaUsedUp():
            log.error("channel_quota_used_up", channel=channel, errcode=error.errcode)
            until = next_morning(now, calendar=await calendar())
            await _put_off(claimed, error, until=until, now=now)
        case OutcomeNotKnown():
            await _note(claimed, S.UNKNOWN, now=now, error=error)
        case AddresseeRefused() if (
            claimed.delivery.copies
        ):  # the first copy used the credit: probably delivered
            await _note(claimed, S.UNKNOWN, now=now, error=error)
        case AddresseeRefused():
            await _fail(claimed, DeliveryFailure.REFUSED, error, now=now)
        case _:
            log.error("message_not_taken", channel=channel, errcode=error.errcode, words=str(error))
            await _fail(claimed, DeliveryFailure.OURS, error, now=now)


@unit_of_work
async def _put_off(claimed: Claim, error: NotSent, *, until: datetime, now: datetime) -> None:
    """Postpone a message after nothing was done; its credit is available again."""
    state = S.HELD if until > now else S.PLANNED
    if await _note(claimed, state, now=now, error=error, due_at=until):
        await _repay(claimed)


@unit_of_work
async def _fail(claimed: Claim, failure: DeliveryFailure, error: NotSent, *, now: datetime) -> None:
    """End a message for good; its reminders go on to the next channel at once."""
    if not await _note(claimed, S.FAILED, now=now, error=error, failure=failure):
        return
    if failure is DeliveryFailure.OURS:
        await _repay(claimed)
    elif claimed.delivery.channel is Channel.SUBSCRIBE:
        await own_up(claimed.delivery.person_id, claimed.delivery.template)
    waiting = Reminder.filter(deliveries__id=claimed.delivery.id, ended_at=None, opened_at=None)
    ids = await waiting.values_list("id", flat=True)
    await Reminder.filter(id__in=ids).update(next_at=now)


async def _repay(claimed: Claim) -> None:
    if claimed.delivery.channel is Channel.SUBSCRIBE:
        await give_back(claimed.delivery.person_id, claimed.delivery.template)


async def _note(
    claimed: Claim,
    state: S,
    *,
    now: datetime,
    error: NotSent | None = None,
    failure: DeliveryFailure | None = None,
    due_at: datetime | None = None,
    message_id: str = "",
    words: str = "",
) -> bool:
    """Record the outcome of a claim; a late answer to an earlier claim changes nothing."""
    outcome = failure or ("later" if state in (S.PLANNED, S.HELD) else state)
    told = {"at": now.isoformat(), "outcome": str(outcome), "words": str(error) if error else words}
    errcode = error.errcode if error else None
    if errcode is not None:
        told["errcode"] = str(errcode)
    values = [claimed.delivery.id, claimed.attempt, state, failure, due_at, now, errcode, message_id]
    written = json.dumps([told], ensure_ascii=False)
    return bool(await connections.get("default").execute_query_dict(MINE, [*values, written]))


async def _again(claimed: Claim, *, tools: Tools) -> datetime:
    """Return when to retry."""
    pause = PAUSES[min(claimed.attempt - 1, len(PAUSES) - 1)]
    quiet = (await policies.in_force()).quiet_hours
    return next_window(tools.clock.now() + pause, calendar=await calendar(), quiet=quiet)


async def send_unknown_again(*, tools: Tools) -> None:
    """Send once more what somebody must acknowledge, whose outcome is unknown and which nobody has opened (R4.3)."""
    now = tools.clock.now()
    unknown = Delivery.filter(state=S.UNKNOWN, copies=0, settled_at__lte=now - AGAIN_AFTER, until_at__gt=now)
    must = unknown.filter(
        urgency__in=("letter", "urgent"), reminders__ended_at=None, reminders__opened_at=None
    )
    ids = await must.distinct().values_list("id", flat=True)
    await Delivery.filter(id__in=ids, state=S.UNKNOWN, copies=0).update(
        state=S.PLANNED, claimed_at=None, settled_at=None, due_at=now, copies=F("copies") + 1
    )
