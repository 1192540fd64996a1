"""Reminds observers the day before a visit and when a stop opens; the journal remembers what was announced."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from models import JournalEntry, SiteVisit, VisitStop
from models.vocabulary import VisitState
from server import journal
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work

DAY_BEFORE_FROM = 9  # o'clock
STALE = timedelta(minutes=30)  # who comes later than this is on the way already


async def remind_observers(*, now: datetime) -> int:
    """Announce visits of tomorrow and stops that have just opened, each once; return how many."""
    found = 0
    today = business_date(now)
    days = [today]
    if now.astimezone(SHANGHAI).hour >= DAY_BEFORE_FROM:
        days.append(today + timedelta(days=1))
    for visit in await SiteVisit.filter(state=VisitState.PUBLISHED, held_on__in=days).order_by("id"):
        found += await _remind(visit.id, now=now)
    return found


@unit_of_work
async def _remind(visit_id: UUID, *, now: datetime) -> int:
    visit = await SiteVisit.select_for_update().get(id=visit_id)
    if visit.state is not VisitState.PUBLISHED:
        return 0
    if visit.held_on > business_date(now):
        return await _remind_of_day(visit)
    just_opened = Q(opens_at__lte=now, opens_at__gt=now - STALE, closes_at__gt=now)
    stops = await VisitStop.filter(just_opened, visit_id=visit.id).order_by("position")
    return sum([await _remind_of_stop(visit, stop) for stop in stops])


async def _remind_of_day(visit: SiteVisit) -> bool:
    if await JournalEntry.filter(event="site_visit.day_before", subject_id=visit.id).exists():
        return False
    await journal.record("site_visit.day_before", visit, by=None, title=visit.title)
    return True


async def _remind_of_stop(visit: SiteVisit, stop: VisitStop) -> bool:
    entries = await JournalEntry.filter(event="site_visit.stop_opened", subject_id=visit.id)
    if any(one.detail["stop"] == str(stop.id) for one in entries):
        return False
    await journal.record("site_visit.stop_opened", visit, by=None, stop=stop.id, name=stop.name)
    return True
