"""What observers are reminded of: the visit of the next working day, and each stop at the moment when it opens."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from models import Recusal, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import Recipient, Urgency, VisitState
from server import reminders
from server.packs import ReminderContent
from server.reminders import Kind, Matter

VISIT, STOP, SUBJECT = "visit", "visit_stop", "site_visit"
NUMBER = "观摩"
DAY_BEFORE = ReminderContent(
    offsets=[-1],
    to=[Recipient.OBSERVER],
    urgency=Urgency.DUE_TODAY,
    title="{期限}有观摩",
    body="{事项}，{期限}。请给手机充好电，到点位扫动态码签到后打分。",
)
OPENING = ReminderContent(
    offsets=[0],
    to=[Recipient.OBSERVER],
    urgency=Urgency.URGENT,
    title="观摩点位已开放",
    body="{事项}现在可以签到、打分。",
)


async def _earliest() -> date | None:
    first = await SiteVisit.filter(state=VisitState.PUBLISHED).order_by("held_on", "id").first()
    return first.held_on if first else None


async def _visits_on(days: Collection[date], _: date) -> list[Matter]:
    return await _visits([one.id for one in await SiteVisit.filter(held_on__in=list(days))])


async def _visits_still(visit_ids: Collection[UUID], on: date) -> list[Matter]:
    return [one for one in await _visits(visit_ids) if one.due_on >= on]


async def _stops_on(days: Collection[date], _: date) -> list[Matter]:
    return await _stops([one.id for one in await SiteVisit.filter(held_on__in=list(days))])


async def _stops_still(visit_ids: Collection[UUID], on: date) -> list[Matter]:
    return [one for one in await _stops(visit_ids) if one.due_on >= on]


async def _visits(visit_ids: Collection[UUID]) -> list[Matter]:
    found = await SiteVisit.filter(id__in=list(visit_ids), state=VisitState.PUBLISHED).order_by("id")
    invited = await _invited([one.id for one in found])
    return [
        Matter(
            subject_id=one.id,
            due_on=one.held_on,
            number=NUMBER,
            title=one.title,
            people={Recipient.OBSERVER: invited.get(one.id, ()), Recipient.OFFICE: (one.planned_by_id,)},
        )
        for one in found
    ]


async def _stops(visit_ids: Collection[UUID]) -> list[Matter]:
    """Return the stops of visits, each as a round of its visit; who is recused from one is not told of it."""
    found = VisitStop.filter(visit_id__in=list(visit_ids), visit__state=VisitState.PUBLISHED)
    stops = await found.order_by("visit_id", "position").select_related("visit")
    invited, out = await _invited(visit_ids), await _recused([one.id for one in stops])
    return [
        Matter(
            subject_id=one.visit_id,
            due_on=one.visit.held_on,
            number=NUMBER,
            title=f"{one.visit.title}：“{one.name}”",
            round=one.position,
            people={
                Recipient.OBSERVER: tuple(
                    person for person in invited.get(one.visit_id, ()) if (one.id, person) not in out
                )
            },
            moment=one.opens_at,
        )
        for one in stops
    ]


async def _invited(visit_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = {}
    for one in await VisitObserver.filter(visit_id__in=list(visit_ids)).order_by("id"):
        found[one.visit_id] = (*found.get(one.visit_id, ()), one.person_id)
    return found


async def _recused(stop_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Return the pairs of a stop and a person who is recused from it."""
    found = Recusal.filter(entry_id__in=list(stop_ids)).select_related("judge")
    return {(one.entry_id, one.judge.person_id) for one in await found}


PAGE = "packages/visits/pages/visit/visit"
reminders.reminds_of(
    Kind(
        VISIT,
        "观摩活动",
        SUBJECT,
        _earliest,
        _visits_on,
        _visits_still,
        page=PAGE,
        usual=DAY_BEFORE,
        is_settled=False,
        before="观摩前",
    )
)
reminders.reminds_of(
    Kind(
        STOP,
        "观摩点位开放",
        SUBJECT,
        _earliest,
        _stops_on,
        _stops_still,
        page=PAGE,
        usual=OPENING,
        is_settled=False,
        by_moment=True,
        on="开放时",
    )
)
