"""Digests: at six in the evening one message per person says that there is news about their reports, and names none.

A digest is claimed and paid for before WeChat is asked (decision 0016). Only a person and a day are stored: the
row says neither what was told nor when, and people are told in random order.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from uuid import UUID

import structlog
from tortoise import connections

from models import DigestFailures, DigestSent, JournalEntry, Person, ReportMessage, SubscriptionQuota
from models.vocabulary import Anonymity
from server import policies, reporters
from server.gateways.wechat import OutcomeUnknown, QuotaSpent, ReceiverRefused, WeChatBusy, WeChatError
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work
from server.kernel.workdays import Calendar
from server.notifications import inbox
from server.notifications.wechat_messages.paying import give_back, own_up, spend
from server.notifications.wechat_messages.purposes import DIGESTED, INBOX, OF_REPORTERS
from server.notifications.wechat_messages.wording import digest_data
from server.people import identities
from server.tools import Tools

log = structlog.get_logger(__name__)

HOUR = time(18, 0)
DAYS = 3  # working days after which a message is no longer news
KEPT = timedelta(days=30)
FAILURES = 3  # after this many, the rest waits for the next round
CLAIM = """
INSERT INTO digest_sent (id, person_id, day) VALUES (gen_random_uuid(), $1, $2) ON CONFLICT DO NOTHING RETURNING id
"""
COUNT = """
INSERT INTO digest_failures (day, failures) VALUES ($1, 1)
ON CONFLICT (day) DO UPDATE SET failures = digest_failures.failures + 1
"""


async def tell_reporters(*, tools: Tools) -> None:
    """Send the day's digests; safe to repeat, in two workers at once, and after a crash."""
    now, known = tools.clock.now(), await calendar()
    today, here = business_date(now), now.astimezone(SHANGHAI)
    closes = (await policies.in_force()).quiet_hours.starts
    if not known.is_workday(today) or not HOUR <= here.time() < closes:
        return
    for kept in (DigestSent, DigestFailures):
        await kept.filter(day__lt=today - KEPT).delete()
    people = list(await _with_news(_began(today), calendar=known, tools=tools))
    SystemRandom().shuffle(people)
    failures = 0
    for person_id in people:
        failures += not await _tell(person_id, today, tools=tools)
        if failures == FAILURES:
            break


async def _with_news(until: datetime, *, calendar: Calendar, tools: Tools) -> set[UUID]:
    """Return who has an unread message about a report that is worth telling and is in no earlier digest."""
    since = _began(_working_days_before(business_date(until), calendar=calendar))
    fresh = ReportMessage.filter(created_at__gte=since, created_at__lt=until)
    told = await fresh.exclude(observation__anonymity=Anonymity.SEALED)
    worth = await JournalEntry.filter(id__in={one.entry_id for one in told}, event__in=DIGESTED).values_list(
        "id", flat=True
    )
    told = [one for one in told if one.entry_id in set(worth)]
    who = await reporters.reporters_of({one.observation_id for one in told})
    last = await _last_digests(set(who.values()))
    news: dict[UUID, list[ReportMessage]] = {}
    for one in told:
        person_id = who.get(one.observation_id)
        if person_id and one.created_at >= last.get(person_id, since):
            news.setdefault(person_id, []).append(one)
    return {person for person, told in news.items() if await _is_unread(person, told, tools=tools)}


async def _is_unread(person_id: UUID, told: list[ReportMessage], *, tools: Tools) -> bool:
    read = await inbox.read_by(person_id, keys=tools.keys)
    return any(read.on(one.id, one.created_at) is None for one in told)


async def _last_digests(people: set[UUID]) -> Mapping[UUID, datetime]:
    found = await DigestSent.filter(person_id__in=people).order_by("day")
    return {one.person_id: _began(one.day) for one in found}


async def _tell(person_id: UUID, today: date, *, tools: Tools) -> bool:
    """Send one digest and return whether WeChat answered, yes or no; without a credit, nothing is sent."""
    purpose = await _claim(person_id, today, templates=tools.settings.wechat_templates)
    if purpose is None:
        return True
    template = tools.settings.wechat_templates[purpose]
    try:
        openid = await identities.openid_of(Person(id=person_id), keys=tools.keys)
        if openid is None:
            raise ReceiverRefused("no account")
        data = digest_data(_began(today), fields=tools.settings.wechat_fields[purpose])
        await tools.wechat.tell(openid, template=template, page=INBOX, data=data)
    except (WeChatBusy, QuotaSpent) as error:
        log.warning(
            "subscribe_message_put_off", purpose=purpose, kind=type(error).__name__, errcode=error.errcode
        )
        await _unclaim(person_id, today, template=template)
        return False
    except ReceiverRefused:
        await own_up(person_id, template)
    except OutcomeUnknown:
        return False
    except WeChatError as error:
        log.error("subscribe_message_not_taken", purpose=purpose, errcode=error.errcode, words=str(error))
        await give_back(person_id, template)
        await connections.get("default").execute_query(COUNT, [today])
    return True


@unit_of_work
async def _claim(person_id: UUID, today: date, *, templates: Mapping[str, str]) -> str | None:
    """Claim the day and pay with any available credit; returns the purpose it was for, or None."""
    for purpose in OF_REPORTERS:
        template = templates.get(purpose, "")
        allowed = SubscriptionQuota.filter(person_id=person_id, template=template, credits__gt=0)
        if not await allowed.select_for_update().exists():
            continue
        if not await connections.get("default").execute_query_dict(CLAIM, [person_id, today]):
            return None
        await spend(person_id, template)
        return purpose
    return None


@unit_of_work
async def _unclaim(person_id: UUID, today: date, *, template: str) -> None:
    """Undo a claim after WeChat did nothing: the day and the credit are available again."""
    await DigestSent.filter(person_id=person_id, day=today).delete()
    await give_back(person_id, template)


def _began(day: date) -> datetime:
    return datetime.combine(day, HOUR, SHANGHAI)


def _working_days_before(day: date, *, calendar: Calendar) -> date:
    left = DAYS
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_workday(day)
    return day
