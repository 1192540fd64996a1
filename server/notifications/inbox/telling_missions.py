"""Telling of missions: members that they are sent, planners that a mission is finished."""

from collections.abc import Iterable
from uuid import UUID

from models import InboxMessage, JournalEntry, Mission, MissionMember
from server.kernel.workdays import say
from server.notifications.inbox.wording import TO_MISSION_PEOPLE


async def tell_members(entry: JournalEntry) -> None:
    """Tell the members whom a dispatch names, or all who were sent, of their mission; safe to repeat."""
    mission = await Mission.get(id=entry.subject_id)
    named = entry.detail.get("members")
    if named is None:
        sent = await MissionMember.filter(mission_id=mission.id).select_related("member")
        named = [one.member.person_id for one in sent]
    await _tell(entry, mission, people=[UUID(str(one)) for one in named])


async def tell_planner(entry: JournalEntry) -> None:
    """Tell the planner of a mission how it ended; safe to repeat."""
    mission = await Mission.get(id=entry.subject_id)
    await _tell(entry, mission, people=[mission.planned_by_id])


async def _tell(entry: JournalEntry, mission: Mission, *, people: Iterable[UUID]) -> None:
    title, body = TO_MISSION_PEOPLE[entry.event]
    words = body.format_map({**entry.detail, "title": mission.title, "day": say(mission.planned_on)})
    messages = [
        InboxMessage(
            person_id=person_id,
            entry_id=entry.id,
            title=title,
            body=words[:300],
            subject_kind="mission",
            subject_id=mission.id,
            created_at=entry.at,
        )
        for person_id in people
    ]
    await InboxMessage.bulk_create(messages, ignore_conflicts=True)
