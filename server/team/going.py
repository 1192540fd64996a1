"""Going on a mission: certified members are sent, accept, and finish with a summary (M10 AT1, V2)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from models import Mission, MissionMember, Organisation, TeamMember
from models.vocabulary import MissionState
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.team.commands import Accept, Finish, SendMembers
from server.team.counting import progress_of
from server.team.reading import certified_on, mission_gone_on_by
from server.team.refusals import NoSuchMember, NotAccepted, NotCertified
from server.team.states import MACHINE
from server.team.stepping import lock_for_step, transition


@unit_of_work
async def dispatch_mission(mission_id: UUID, command: SendMembers, *, by: Actor, now: datetime) -> Mission:
    """Send members of the organisers' teams; more may be sent until the mission is finished.

    Raises NotCertified naming those without a certificate that is valid on the mission's day, NoSuchMember.
    """
    mission = await lock_for_step(mission_id, "dispatch", version=command.version, by=by)
    members = await _members(mission, command.members)
    valid = await certified_on(mission.planned_on, [one.id for one in members])
    lacking = [one.person.designation for one in members if one.id not in valid]
    if lacking:
        names = "、".join(lacking)
        raise NotCertified(f"{names}在任务当天没有有效的队员证，不能派出。", members=lacking)
    sent = {row["member_id"] for row in await MissionMember.filter(mission_id=mission.id).values("member_id")}
    new = [one for one in members if one.id not in sent]
    await MissionMember.bulk_create(MissionMember(mission_id=mission.id, member_id=one.id) for one in new)
    told = {"members": [one.person_id for one in new], "count": len(new)}
    return await transition(mission, "dispatch", event="dispatched", by=by, **told)


@unit_of_work
async def accept_mission(mission_id: UUID, command: Accept, *, by: Actor, now: datetime) -> Mission:
    """Accept a mission the actor was sent on; accepting twice has the same effect as once."""
    mission, place = await _lock(mission_id, by=by)
    if place.accepted_at:
        return mission
    MACHINE.check_step(mission, "accept")
    place.accepted_at = now
    await place.save(update_fields=["accepted_at"])
    return await transition(mission, "accept", event="accepted", by=by)


@unit_of_work
async def finish_mission(mission_id: UUID, command: Finish, *, by: Actor, now: datetime) -> Mission:
    """Finish a mission with a summary of what was seen; repeating the same summary changes nothing."""
    mission, place = await _lock(mission_id, by=by)
    if place.accepted_at is None:
        raise NotAccepted
    if mission.state is MissionState.FINISHED and mission.summary == command.summary:
        return mission
    MACHINE.check_step(mission, "finish")
    mission.summary, mission.finished_at = command.summary, now
    progress = (await progress_of([mission.id]))[mission.id]
    return await transition(mission, "finish", event="finished", by=by, **asdict(progress))


async def _members(mission: Mission, member_ids: Sequence[UUID]) -> list[TeamMember]:
    """Return the members with these ids, all of the organisers' teams or of those below them."""
    organisers = await Organisation.filter(id__in=[mission.organisation_id, mission.partner_id])
    of_teams = Q(id__isnull=True)
    for one in organisers:
        of_teams |= Q(organisation__path__startswith=one.path)
    wanted = set(member_ids)
    found = await TeamMember.filter(of_teams, id__in=wanted, left_on=None).select_related("person")
    if not wanted or len(found) < len(wanted):
        raise NoSuchMember
    return found


async def _lock(mission_id: UUID, *, by: Actor) -> tuple[Mission, MissionMember]:
    await mission_gone_on_by(by, mission_id)
    mission = await Mission.select_for_update().get(id=mission_id)
    place = await MissionMember.get(mission_id=mission_id, member__person_id=by.person.id)
    return mission, place
