"""Sending messages one after another, as long as WeChat answers; the inbox delivers, a message only points to it.

What WeChat surely did not do is tried again with growing pauses; whatever may have arrived is never sent twice.
"""

from datetime import datetime, timedelta

import structlog

from models import Person
from models.vocabulary import SubscribeMessageState as S
from server import policies
from server.gateways.wechat import (
    OurFault,
    OutcomeUnknown,
    QuotaSpent,
    ReceiverRefused,
    WeChatBusy,
    WeChatError,
)
from server.kernel.calendars import calendar
from server.notifications.wechat_messages.claiming import Batch, claim, forget_old, tidy
from server.notifications.wechat_messages.purposes import INBOX
from server.notifications.wechat_messages.settling import put_off, settle
from server.notifications.wechat_messages.windows import next_morning, next_window
from server.notifications.wechat_messages.wording import data_of
from server.people import identities
from server.tools import Tools

log = structlog.get_logger(__name__)

AT_ONCE = 200
FAILURES = 3  # failed sends in a row; the rest waits for the next sweep
PAUSES = [timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 180)]
ENDS: dict[type[WeChatError], S] = {ReceiverRefused: S.REFUSED, OutcomeUnknown: S.UNKNOWN, OurFault: S.FAILED}


async def send_due(*, tools: Tools) -> None:
    """Send what is due; safe to repeat, in two workers at once, and after a crash."""
    await tidy(now=tools.clock.now())
    failures = 0
    for _ in range(AT_ONCE):
        batch = await claim(now=tools.clock.now())
        if batch is None or failures == FAILURES:
            break
        failures += batch.is_paid and not await _send(batch, tools=tools)


async def sweep(*, tools: Tools) -> None:
    """Send what waited for its hour or for a retry, and delete what is old."""
    await send_due(tools=tools)
    await forget_old(now=tools.clock.now())


async def _send(batch: Batch, *, tools: Tools) -> bool:
    """Send a message and return whether WeChat answered, yes or no."""
    first = batch.wechat_messages[0]
    openid = await identities.openid_of(Person(id=first.person_id), keys=tools.keys)
    try:
        if openid is None:
            raise ReceiverRefused("no account")
        await tools.wechat.tell(
            openid,
            template=first.template,
            page=first.page if len(batch.wechat_messages) == 1 else INBOX,
            data=data_of(batch.wechat_messages, fields=tools.settings.wechat_fields[first.purpose]),
        )
    except (WeChatBusy, QuotaSpent) as error:
        kind = type(error).__name__
        log.warning("subscribe_message_put_off", purpose=first.purpose, kind=kind, errcode=error.errcode)
        await put_off(batch, until=await _again(batch, error, tools=tools))
        return False
    except WeChatError as error:
        await _give_up(batch, error, now=tools.clock.now())
        return not isinstance(error, OutcomeUnknown)
    await settle(batch, S.SENT, now=tools.clock.now())
    return True


async def _give_up(batch: Batch, error: WeChatError, *, now: datetime) -> None:
    """End a message that failed for good; a cause on our side raises an alarm with WeChat's words."""
    state = next((state for kind, state in ENDS.items() if isinstance(error, kind)), S.FAILED)
    if state is S.FAILED:
        purpose = batch.wechat_messages[0].purpose
        log.error("subscribe_message_not_taken", purpose=purpose, errcode=error.errcode, words=str(error))
    await settle(batch, state, now=now, errcode=error.errcode)


async def _again(batch: Batch, error: WeChatError, *, tools: Tools) -> datetime:
    """Return when to retry; a used-up quota is available again the next morning."""
    known, now = await calendar(), tools.clock.now()
    if isinstance(error, QuotaSpent):
        return next_morning(now, calendar=known)
    pause = PAUSES[min(batch.wechat_messages[0].attempts, len(PAUSES) - 1)]
    quiet = (await policies.in_force()).quiet_hours
    return next_window(now + pause, calendar=known, quiet=quiet)
