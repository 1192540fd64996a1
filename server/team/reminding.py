"""What the team is reminded of: the missions its members were sent on, before their day."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tortoise.queryset import QuerySet

from models import Mission, MissionMember
from models.vocabulary import MissionState as S
from models.vocabulary import Recipient
from server import reminders
from server.reminders import Kind, Matter

MISSION = "mission"
OPEN = (S.DISPATCHED, S.UNDER_WAY)
ENDED_BY = {"finished": "已完成", "cancelled": "已取消"}


async def settle_reminders(mission: Mission, event: str, *, by: UUID) -> None:
    """End the reminders of a mission that is over, in the transaction that ended it."""
    still = [(MISSION, mission.planned_on)] if mission.state in OPEN else []
    await reminders.settle(mission.id, still=still, by=by, because=ENDED_BY.get(event, "情况已变化"))


async def _earliest() -> date | None:
    first = await Mission.filter(state__in=OPEN).order_by("planned_on", "id").first()
    return first.planned_on if first else None


async def _due_on(days: Collection[date], _: date) -> list[Matter]:
    return await _matters(Mission.filter(planned_on__in=list(days), state__in=OPEN))


async def _still_due(mission_ids: Collection[UUID], _: date) -> list[Matter]:
    return await _matters(Mission.filter(id__in=list(mission_ids), state__in=OPEN))


async def _matters(missions: QuerySet[Mission]) -> list[Matter]:
    found = await missions.order_by("planned_on", "id")
    sent: dict[UUID, tuple[UUID, ...]] = {}
    places = MissionMember.filter(mission_id__in=[one.id for one in found]).order_by("id")
    for mission_id, person_id in await places.values_list("mission_id", "member__person_id"):
        sent[mission_id] = (*sent.get(mission_id, ()), person_id)
    return [
        Matter(
            subject_id=one.id,
            due_on=one.planned_on,
            number="督察任务",
            title=one.title,
            people={Recipient.MEMBER: sent.get(one.id, ()), Recipient.OFFICE: (one.planned_by_id,)},
        )
        for one in found
    ]


reminders.reminds_of(
    Kind(
        MISSION,
        "督察任务",
        MISSION,
        _earliest,
        _due_on,
        _still_due,
        page="packages/team/pages/mission/mission",
        before="任务日前",
    )
)
