"""Writing a feed: whole days with the number of a matter, never its title, which may hold a citizen's words."""

from datetime import date, datetime, timedelta

from models import LedgerItem, Letter, Mission, Person, VisitObserver
from models.vocabulary import LedgerState, LetterState, MissionState, VisitState
from server import letters
from server.gateways.icalendars import Entry, written
from server.kernel.clock import business_date
from server.kernel.workdays import say

MOST = 500
PAST = timedelta(days=30)
WORKED_ON = (LedgerState.DISPATCHED, LedgerState.IN_PROGRESS)
AHEAD = (MissionState.DISPATCHED, MissionState.UNDER_WAY)


async def feed_of(person: Person, *, product: str, now: datetime) -> bytes:
    """Return a person's calendar: deadlines and reviews of their items, replies to letters, missions and visits."""
    today = business_date(now)
    entries = [
        *await _items(person),
        *await _letters(person, today=today),
        *await _missions(person),
        *await _visits(person, since=today - PAST),
    ]
    return written(entries, name=f"{product}：{person.designation}", at=now)


async def _items(person: Person) -> list[Entry]:
    found = LedgerItem.filter(commissioner_id=person.id, state__in=WORKED_ON, due_on__isnull=False)
    entries = [
        Entry(
            f"item-{one.id}",
            one.due_on,
            f"{one.number_text} 办理期限",
            f"期限{say(one.due_on)}。请打开小程序办理。",
        )
        for one in await found.order_by("due_on", "id").limit(MOST)
        if one.due_on
    ]
    kept = LedgerItem.filter(
        commissioner_id=person.id, state=LedgerState.RETAINED, next_review_on__isnull=False
    )
    return entries + [
        Entry(f"review-{one.id}", one.next_review_on, f"{one.number_text} 留号复核")
        for one in await kept.order_by("next_review_on", "id").limit(MOST)
        if one.next_review_on
    ]


async def _letters(person: Person, *, today: date) -> list[Entry]:
    """Return the days until which the person replies to letters."""
    found = Letter.filter(state=LetterState.ACKNOWLEDGED, reply_due_on__isnull=False).order_by(
        "reply_due_on", "id"
    )
    open_letters = await letters.answered_by(person, found, today=today)
    return [
        Entry(f"letter-{one.id}", one.reply_due_on, f"{one.number_text} 反馈期限", "请打开小程序填写反馈。")
        for one in open_letters[:MOST]
        if one.reply_due_on
    ]


async def _missions(person: Person) -> list[Entry]:
    found = Mission.filter(members__member__person_id=person.id, state__in=AHEAD).distinct()
    return [
        Entry(f"mission-{one.id}", one.planned_on, f"督察任务：{one.title}")
        for one in await found.order_by("planned_on").limit(MOST)
    ]


async def _visits(person: Person, *, since: date) -> list[Entry]:
    found = VisitObserver.filter(
        person_id=person.id, visit__state=VisitState.PUBLISHED, visit__held_on__gte=since
    )
    return [
        Entry(f"visit-{one.visit.id}", one.visit.held_on, f"观摩：{one.visit.title}")
        for one in await found.select_related("visit").limit(MOST)
    ]
