"""Settling: WeChat's answer to a message is recorded once; a late answer changes nothing."""

from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from models import SubscribeMessage
from models.vocabulary import SubscribeMessageState as S
from server.kernel.unit_of_work import unit_of_work
from server.notifications.wechat_messages.claiming import Batch
from server.notifications.wechat_messages.paying import give_back, own_up


@unit_of_work
async def settle(batch: Batch, state: S, *, now: datetime, errcode: int | None = None) -> None:
    """Record how a message ended. A refusal (43101) means that our count was wrong and no credit is left."""
    if not await _sending(batch).update(state=state, settled_at=now, errcode=errcode):
        return
    if state is S.REFUSED:
        await own_up(*_payer(batch))
    if state is S.FAILED:
        await give_back(*_payer(batch))


@unit_of_work
async def put_off(batch: Batch, *, until: datetime) -> None:
    """Postpone a message after WeChat did nothing; its credit is available again."""
    if await _sending(batch).update(state=S.WAITING, due_at=until, batch=None):
        await give_back(*_payer(batch))


def _sending(batch: Batch) -> QuerySet[SubscribeMessage]:
    return SubscribeMessage.filter(batch=batch.number, state=S.SENDING)


def _payer(batch: Batch) -> tuple[UUID, str]:
    return batch.wechat_messages[0].person_id, batch.wechat_messages[0].template
