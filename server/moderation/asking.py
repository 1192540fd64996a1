"""Asking WeChat to judge one content at a time, under a lease; what it can't judge goes to a person.

Only the worker asks. If it dies between asking and recording, the lease runs out and the content is asked again;
a verdict on the forgotten trace changes nothing.
"""

from datetime import datetime, timedelta

import structlog
from tortoise import connections

from models import ContentCheck, Observation, Person
from models.vocabulary import ContentKind, Unjudged
from server import reporters
from server.gateways.wechat import NotSeenLately, OutcomeUnknown, QuotaSpent, WeChatBusy, WeChatError
from server.moderation.contents import is_wanted, words_of
from server.moderation.linking import picture_link
from server.moderation.settling import ASKINGS, Asking, hold, settle
from server.observations.tiers import TIERS
from server.people import identities
from server.tools import Tools

log = structlog.get_logger(__name__)

FORUM = 3  # WeChat's scene for texts that others will read
WINDOW = timedelta(hours=2)  # WeChat judges only for people it has seen within this time
LEASE = timedelta(minutes=2)  # longer than any exchange may take
PAUSE = timedelta(minutes=1)
PATIENCE = timedelta(minutes=38)  # WeChat promises a verdict on a picture within 30
PACE = {ContentKind.TEXT: "3000/minute", ContentKind.PHOTO: "1500/minute"}  # WeChat allows 4000 and 2000
NOTHING_DONE = (WeChatBusy, OutcomeUnknown, QuotaSpent)

CLAIM = """
UPDATE content_check SET asked_at = $2, due_at = $3, attempts = attempts + 1, trace_id = NULL, fetches = 0,
    unanswered = unanswered + (trace_id IS NOT NULL)::int
WHERE id = $1 AND state = 'pending' AND due_at <= $2 RETURNING id
"""


async def ask(check: ContentCheck, *, tools: Tools) -> bool:
    """Have one content judged if it is due; safe to repeat, in two workers at once, and after a crash.

    Returns False if WeChat is unreachable or busy, so that asking more makes no sense at the moment.
    """
    now = tools.clock.now()
    if not await connections.get("default").execute_query_dict(CLAIM, [check.id, now, now + LEASE]):
        return True
    check = await ContentCheck.get(id=check.id)
    observation = await Observation.get(id=check.subject_id)
    asking = Asking(check.id, now)
    if not await is_wanted(check, observation):
        await _put_off(asking, until=None)
    elif because := _hopeless(check, observation, now=now):
        await hold(asking, because=because, now=now)
    elif not (await tools.redis.limiter.hit(PACE[check.kind], "content_check", check.kind)).allowed:
        await _put_off(asking, until=now + PAUSE)
    else:
        return await _hand_over(check, observation, asking=asking, tools=tools)
    return True


def _hopeless(check: ContentCheck, observation: Observation, *, now: datetime) -> Unjudged | None:
    if not TIERS[observation.anonymity].wechat_checks:
        return Unjudged.SEALED
    if check.unanswered >= ASKINGS:
        return Unjudged.NO_ANSWER
    return Unjudged.WECHAT_AWAY if now - check.opened_at > WINDOW else None


async def _hand_over(check: ContentCheck, observation: Observation, *, asking: Asking, tools: Tools) -> bool:
    reporter = await reporters.reporter_of(observation.id)
    openid = await identities.openid_of(Person(id=reporter), keys=tools.keys) if reporter else None
    if openid is None:
        await hold(asking, because=Unjudged.NO_ACCOUNT, now=asking.at)
        return True
    try:
        if check.kind is ContentKind.TEXT:
            verdict = await tools.wechat.check_text(words_of(observation), openid=openid, scene=FORUM)
            await settle(asking, verdict, now=tools.clock.now())
        else:
            await _show(check, openid=openid, asking=asking, tools=tools)
    except NOTHING_DONE as error:
        log.warning("content_check_put_off", check=str(check.id), kind=type(error).__name__)
        await _put_off(asking, until=tools.clock.now() + PAUSE)
        return False
    except NotSeenLately:
        await hold(asking, because=Unjudged.NOT_SEEN_LATELY, now=tools.clock.now())
    except WeChatError as error:
        kind = type(error).__name__
        log.error("content_check_not_taken", check=str(check.id), kind=kind, errcode=error.errcode)
        await hold(asking, because=Unjudged.NOT_TAKEN, now=tools.clock.now())
    return True


async def _show(check: ContentCheck, *, openid: str, asking: Asking, tools: Tools) -> None:
    """Give WeChat a link to the picture, and wait for its callback."""
    url = tools.settings.public_url + picture_link(check, key=tools.settings.link_key)
    trace_id = await tools.wechat.check_picture(url, openid=openid, scene=FORUM)
    await asking.check().update(trace_id=trace_id, due_at=asking.at + PATIENCE)


async def _put_off(asking: Asking, *, until: datetime | None) -> None:
    await asking.check().update(due_at=until)
