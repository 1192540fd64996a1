"""Telling of a visit's result: observers that their ballots count, and scored units where their 计分单 is."""

from uuid import UUID

from tortoise.expressions import Q

from models import (
    Duty,
    InboxMessage,
    JournalEntry,
    Participation,
    ScoreRound,
    SiteVisit,
    VisitObserver,
    VisitStop,
)
from models.vocabulary import Role, RoundAskKind, RoundState, Scope
from server import scoring
from server.kernel.clock import business_date
from server.notifications.inbox.wording import RESULT_TO_OBSERVERS, RESULT_TO_UNITS

READERS = (Role.DEPARTMENT_CONTACT, Role.LEADING_OFFICIAL)  # who is told for a unit


async def tell_result(entry: JournalEntry) -> None:
    """Tell observers and scored units of a published or corrected result; safe to repeat."""
    visit = await SiteVisit.get_or_none(id=entry.subject_id)
    if visit is None or not await _concerns_a_published_result(entry):
        return
    to_observers = await _to_observers(entry, visit)
    told = set(to_observers)
    to_units = {one: words for one, words in (await _to_units(entry, visit)).items() if one not in told}
    messages = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title,
            body=body[:300],
            subject_kind="visit_result",
            subject_id=visit.id,
            created_at=entry.at,
        )
        for person_id, (title, body) in sorted((to_observers | to_units).items())
    ]
    await InboxMessage.bulk_create(messages, ignore_conflicts=True)


async def _concerns_a_published_result(entry: JournalEntry) -> bool:
    """Whether the entry publishes a result, or corrects one that is published."""
    if entry.event == "score_round.published":
        return True
    is_correction = entry.detail.get("kind") == RoundAskKind.RECOMPUTE
    return is_correction and await ScoreRound.filter(id=entry.subject_id, state=RoundState.PUBLISHED).exists()


async def _to_observers(entry: JournalEntry, visit: SiteVisit) -> dict[UUID, tuple[str, str]]:
    title, body = RESULT_TO_OBSERVERS[entry.event]
    took_part = {one.person_id: one for one in await Participation.filter(round_id=visit.id)}
    told = {}
    for one in await VisitObserver.filter(visit_id=visit.id):
        mine = took_part.get(one.person_id)
        words = scoring.counted_words(mine.counted, mine.not_counted) if mine else ""
        counted = f"{words}，可以打开核对。" if words else ""
        facts = {**entry.detail, "title": visit.title, "counted": counted}
        told[one.person_id] = (title, body.format_map(facts))
    return told


async def _to_units(entry: JournalEntry, visit: SiteVisit) -> dict[UUID, tuple[str, str]]:
    title, body = RESULT_TO_UNITS[entry.event]
    stops: dict[UUID, list[str]] = {}
    for stop in await VisitStop.filter(visit_id=visit.id, unit_id__not_isnull=True).order_by("position"):
        if stop.unit_id:
            stops.setdefault(stop.unit_id, []).append(f"“{stop.name}”")
    today = business_date(entry.at)
    held = Duty.filter(Q(until_on=None) | Q(until_on__gte=today), since_on__lte=today, role__in=READERS)
    told = {}
    for duty in await held.filter(organisation_id__in=list(stops)).exclude(scope=Scope.OWN):
        if duty.organisation_id:
            facts = {**entry.detail, "title": visit.title, "stops": "、".join(stops[duty.organisation_id])}
            told[duty.person_id] = (title, body.format_map(facts))
    return told
