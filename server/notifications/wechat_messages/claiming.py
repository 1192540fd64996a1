"""Claiming: all news for one person at a time becomes one message and costs one credit, in one transaction.

The claim is committed before WeChat is asked. If the worker dies in between, the message stays `sending` and later
becomes `unknown`: WeChat has no id by which to tell a second copy from the first, so none is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tortoise import connections

from models import SubscribeMessage
from models.vocabulary import SubscribeMessageState as S
from server.kernel.unit_of_work import unit_of_work
from server.notifications.wechat_messages.paying import spend

LEASE = timedelta(minutes=2)  # longer than any exchange may take
KEPT = timedelta(days=30)

READ_MEANWHILE = """
UPDATE subscribe_message n SET state = 'needless', settled_at = $1 FROM inbox_message i
WHERE n.state = 'waiting' AND n.due_at <= $1 AND i.person_id = n.person_id AND i.entry_id = n.entry_id
    AND i.read_on IS NOT NULL
"""


@dataclass(frozen=True)
class Batch:
    """Everything one message tells, oldest first; WeChat is asked only if there was a credit for it."""

    number: UUID
    wechat_messages: list[SubscribeMessage]
    is_paid: bool


async def tidy(*, now: datetime) -> None:
    """Mark interrupted messages as unknown, and drop those that are too late or already read."""
    await SubscribeMessage.filter(state=S.SENDING, claimed_at__lt=now - LEASE).update(
        state=S.UNKNOWN, settled_at=now
    )
    await SubscribeMessage.filter(state=S.WAITING, until_at__lt=now).update(state=S.EXPIRED, settled_at=now)
    await connections.get("default").execute_query(READ_MEANWHILE, [now])


async def forget_old(*, now: datetime) -> None:
    """Delete what was settled a month ago: the inbox has it, and who was told what is nobody's concern."""
    await SubscribeMessage.filter(settled_at__lt=now - KEPT).delete()


@unit_of_work
async def claim(*, now: datetime) -> Batch | None:
    """Claim all news for one person under one template at this moment; None if there is none."""
    waiting = SubscribeMessage.filter(state=S.WAITING, due_at__lte=now).select_for_update(skip_locked=True)
    first = await waiting.order_by("due_at", "id").first()
    if first is None:
        return None
    found = await waiting.filter(person_id=first.person_id, template=first.template).order_by("caused_at")
    batch = Batch(uuid4(), found, is_paid=await _spend(found))
    await SubscribeMessage.filter(id__in=[one.id for one in found]).update(
        batch=batch.number,
        attempts=first.attempts + 1,
        claimed_at=now,
        state=S.SENDING if batch.is_paid else S.REFUSED,
        settled_at=None if batch.is_paid else now,
    )
    return batch


async def _spend(wechat_messages: list[SubscribeMessage]) -> bool:
    """Take one credit; minor news must leave the last one for something more important (REM-02)."""
    spare = 1 if all(one.is_minor for one in wechat_messages) else 0
    return await spend(wechat_messages[0].person_id, wechat_messages[0].template, spare=spare)
