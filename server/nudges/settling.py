"""Settling: what WeChat said to a message, written down once; who comes late with an answer changes nothing."""

from datetime import datetime

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models import Nudge, SubscriptionQuota
from models.vocabulary import NudgeState as S
from server.nudges.claiming import Batch
from server.work import deed


@deed
async def settle(batch: Batch, state: S, *, now: datetime, errcode: int | None = None) -> None:
    """Note how a message ended. WeChat's refusal means that our count was wrong: no credit is left (43101)."""
    if not await _sending(batch).update(state=state, settled_at=now, errcode=errcode):
        return
    if state is S.REFUSED:
        await _quota(batch).update(credits=0)
    if state is S.FAILED:
        await _give_back(batch)


@deed
async def put_off(batch: Batch, *, until: datetime) -> None:
    """WeChat did nothing: the message waits again, and its credit is there again."""
    if await _sending(batch).update(state=S.WAITING, due_at=until, batch=None):
        await _give_back(batch)


def _sending(batch: Batch) -> QuerySet[Nudge]:
    return Nudge.filter(batch=batch.number, state=S.SENDING)


def _quota(batch: Batch) -> QuerySet[SubscriptionQuota]:
    first = batch.nudges[0]
    return SubscriptionQuota.filter(person_id=first.person_id, template=first.template)


async def _give_back(batch: Batch) -> None:
    await _quota(batch).update(credits=F("credits") + 1)
