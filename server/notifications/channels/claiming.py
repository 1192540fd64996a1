"""Claiming: a message is claimed, and paid where it costs, in a transaction of its own before anybody is asked.

Whoever dies after that leaves it claimed; it becomes `unknown`, because it may have arrived. A late answer counts only
for the claim that asked.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise import connections

from models import Delivery, Reminder
from models.vocabulary import Channel, DeliveryFailure, Urgency
from models.vocabulary import DeliveryState as S
from server.kernel.unit_of_work import unit_of_work
from server.notifications.channels.messages import Message, message_of
from server.notifications.wechat_messages.paying import spend

LEASE = timedelta(minutes=2)  # longer than any exchange may take
WAITING = (S.PLANNED, S.HELD)
# One at a time to a person by a channel: of messages due together, the most urgent one gets the credit first.
NEXT = """
SELECT id FROM delivery WHERE state IN ('planned', 'held') AND due_at <= $1 AND claimed_at IS NULL
ORDER BY array_position(ARRAY['urgent', 'letter', 'overdue', 'due_today', 'routine'], urgency::text), due_at, id
LIMIT 1 FOR UPDATE SKIP LOCKED
"""
NEVER_ANSWERED = """
UPDATE delivery SET state = 'unknown', settled_at = $1, tries = tries || $2::jsonb
WHERE state IN ('planned', 'held') AND claimed_at < $3
"""
TOO_LATE = """
UPDATE delivery SET state = 'failed', failure = 'late', settled_at = $1
WHERE state IN ('planned', 'held') AND claimed_at IS NULL AND until_at < $1
"""


@dataclass(frozen=True)
class Claim:
    """A claimed message, ready to be sent; `attempt` is the claim's own number."""

    delivery: Delivery
    attempt: int
    message: Message


async def tidy(*, now: datetime) -> None:
    """Mark interrupted messages as unknown, and give up those that are too late."""
    told = json.dumps([_told(now, "unknown", "发送中断，没有等到结果")], ensure_ascii=False)
    database = connections.get("default")
    await database.execute_query(NEVER_ANSWERED, [now, told, now - LEASE])
    await database.execute_query(TOO_LATE, [now])


@unit_of_work
async def claim(*, now: datetime, template: str) -> Claim | bool:
    """Claim the next message; True if one was settled without sending, False if there is none.

    A message whose reminders were all read, acknowledged or ended meanwhile is not sent.
    """
    rows = await connections.get("default").execute_query_dict(NEXT, [now])
    if not rows:
        return False
    delivery = await Delivery.get(id=rows[0]["id"])
    wanted: list[Reminder] = await delivery.reminders.filter(ended_at=None, opened_at=None)
    if not wanted:
        await _settle(delivery, S.WITHDRAWN, now=now)
        return True
    if delivery.channel is Channel.SUBSCRIBE and not await _pay(delivery, template):
        delivery.failure = DeliveryFailure.REFUSED
        delivery.tries = [
            *delivery.tries,
            _told(now, "refused", "订阅次数已用完，或最后一次留给更要紧的消息"),
        ]
        await _settle(delivery, S.FAILED, now=now)
        await Reminder.filter(id__in=[one.id for one in wanted]).update(next_at=now)
        return True
    delivery.claimed_at, delivery.attempts = now, delivery.attempts + 1
    await delivery.save(update_fields=["claimed_at", "attempts", "template"])
    return Claim(delivery, delivery.attempts, message_of(delivery, wanted))


async def _pay(delivery: Delivery, template: str) -> bool:
    """Take one credit; the last one is kept for something more important (REM-02)."""
    delivery.template = template
    return await spend(delivery.person_id, template, spare=await _kept_back(delivery))


async def _kept_back(delivery: Delivery) -> int:
    if delivery.urgency is Urgency.ROUTINE:
        return 1
    above = list(Urgency)[list(Urgency).index(delivery.urgency) + 1 :]
    others = Delivery.filter(
        person_id=delivery.person_id, channel=delivery.channel, state__in=WAITING, claimed_at=None
    )
    return int(await others.filter(urgency__in=above).exists())


async def _settle(delivery: Delivery, state: S, *, now: datetime) -> None:
    delivery.state, delivery.settled_at = state, now
    await delivery.save(update_fields=["state", "failure", "settled_at", "tries", "template"])


def _told(now: datetime, outcome: str, words: str) -> dict[str, str]:
    return {"at": now.isoformat(), "outcome": outcome, "words": words}
