"""Hearing what became of a message: WeChat's own events, and the page that was opened with the message's token."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from tortoise import connections

from models import Delivery, Reminder, SubscribeMessage
from models.vocabulary import Channel, DeliveryFailure, SubscribeMessageState
from models.vocabulary import DeliveryState as S
from server.gateways.sealing import KeyRing
from server.gateways.wechat import SubscriptionChange
from server.kernel.unit_of_work import unit_of_work
from server.people import identities

OPENED = """
UPDATE reminder SET state = 'opened', opened_at = $2, next_at = NULL
WHERE opened_at IS NULL AND ended_at IS NULL AND person_id = $3
  AND id IN (SELECT reminder_id FROM delivery_reminder WHERE delivery_id = $1)
"""


async def hear(changes: Iterable[SubscriptionChange], *, keys: KeyRing, now: datetime) -> None:
    """Record WeChat's word on messages it carried; it settles those whose outcome was unknown. Safe to repeat."""
    for change in changes:
        if change.outcome not in ("sent", "failed"):
            continue
        person = await identities.person_of_openid(change.openid, keys=keys)
        if person:
            await _settle(person.id, change, now=now)


@unit_of_work
async def _settle(person_id: UUID, change: SubscriptionChange, *, now: datetime) -> None:
    """Settle the message that the event names, else the latest of the person's whose outcome is unknown."""
    mine = Delivery.filter(person_id=person_id, channel=Channel.SUBSCRIBE, template=change.template)
    delivery = (
        await mine.filter(state__in=(S.SENT, S.UNKNOWN), message_id=change.message_id or "-")
        .select_for_update()
        .first()
    )
    delivery = (
        delivery or await mine.filter(state=S.UNKNOWN).order_by("-claimed_at").select_for_update().first()
    )
    if delivery is None:
        if change.outcome == "sent":
            unknown = SubscribeMessage.filter(person_id=person_id, template=change.template)
            await unknown.filter(state=SubscribeMessageState.UNKNOWN).update(state=SubscribeMessageState.SENT)
        return
    is_sent = change.outcome == "sent"
    delivery.state = S.DELIVERED if is_sent else S.FAILED
    delivery.failure = None if is_sent else DeliveryFailure.REFUSED
    delivery.settled_at = now
    told = {"at": now.isoformat(), "outcome": "delivered" if is_sent else "refused", "words": "微信回执"}
    delivery.tries = [*delivery.tries, told]
    await delivery.save(update_fields=["state", "failure", "settled_at", "tries"])
    if not is_sent:
        waiting = Reminder.filter(deliveries__id=delivery.id, ended_at=None, opened_at=None)
        ids = await waiting.values_list("id", flat=True)
        await Reminder.filter(id__in=ids).update(next_at=now)


@unit_of_work
async def mark_opened(delivery_id: UUID, *, by: UUID, now: datetime) -> bool:
    """Record that the person has opened the page behind a message; return whether it is theirs."""
    if not await Delivery.exists(id=delivery_id, person_id=by):
        return False
    sent = Delivery.filter(id=delivery_id, person_id=by, state__in=(S.SENT, S.DELIVERED, S.UNKNOWN))
    await sent.update(state=S.OPENED, settled_at=now)
    await connections.get("default").execute_query(OPENED, [delivery_id, now, by])
    return True
