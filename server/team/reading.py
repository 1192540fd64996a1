"""Reading team and missions: organisations read their members, organisers and participants their missions."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models import (
    Certificate,
    ChecklistAnswer,
    Mission,
    MissionMember,
    MissionStop,
    Rendition,
    TeamMember,
    TrainingRecord,
)
from models.vocabulary import MemberSource, MissionState
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission
from server.people.reaching import within
from server.team.states import TOLD


async def members_of(actor: Actor, *, source: MemberSource | None = None) -> list[TeamMember]:
    """Return the members of the actor's organisation and those below it, with person and organisation."""
    found = members_seen_by(actor, source=source)
    return await found.order_by("joined_on", "id").select_related("person", "organisation")


def members_seen_by(actor: Actor, *, source: MemberSource | None = None) -> QuerySet[TeamMember]:
    """Select the same members without fetching them."""
    found = TeamMember.filter(within(actor, Permission.SEE_TEAM, "organisation"), left_on=None)
    return found.filter(source=source) if source else found


async def member_managed_by(actor: Actor, member_id: UUID) -> TeamMember:
    """Return a member whom the actor may train and certify; raises NoSuchThing."""
    found = TeamMember.filter(within(actor, Permission.MANAGE_TEAM, "organisation"), id=member_id)
    member = await found.select_related("person", "organisation").first()
    if member is None:
        raise NoSuchThing
    return member


async def trainings_of(member: TeamMember) -> list[TrainingRecord]:
    """Return a member's trainings, newest first."""
    return await TrainingRecord.filter(member_id=member.id).order_by("-held_on", "id")


async def certificates_of(member: TeamMember) -> list[Certificate]:
    """Return a member's certificates, newest first."""
    return await Certificate.filter(member_id=member.id).order_by("-valid_from", "id")


async def certified_until(member_ids: Sequence[UUID]) -> dict[UUID, date]:
    """Return the end of each member's last unrevoked certificate, leaving out members without one."""
    valid = Certificate.filter(member_id__in=member_ids, revoked_on=None).order_by("valid_until")
    return {row["member_id"]: row["valid_until"] for row in await valid.values("member_id", "valid_until")}


async def certified_on(day: date, member_ids: Sequence[UUID]) -> set[UUID]:
    """Return the members who hold a certificate that is valid on a day."""
    valid = Certificate.filter(
        Q(revoked_on=None) | Q(revoked_on__gt=day),
        member_id__in=member_ids,
        valid_from__lte=day,
        valid_until__gte=day,
        member__left_on=None,
        member__person__is_active=True,
    )
    return {row["member_id"] for row in await valid.values("member_id")}


class MissionFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A filter of the actor's own missions; `cursor` is the id of the last one on the previous page."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    cursor: UUID | None = None


def missions_seen_by(actor: Actor) -> QuerySet[Mission]:
    """Select the missions that the actor's organisation organises, alone or jointly, and those they were sent on."""
    sent = MissionMember.filter(member__person_id=actor.person.id).values("mission_id")
    own = Q(id__in=Subquery(sent), state__in=TOLD)
    return Mission.filter(within(actor, Permission.SEE_MISSIONS, "organisation", "partner") | own)


async def missions_of(
    actor: Actor, *, state: MissionState | None = None, limit: int = 50, offset: int = 0
) -> list[Mission]:
    """Return the visible missions with their organisations, latest day first."""
    found = missions_seen_by(actor).filter(state=state) if state else missions_seen_by(actor)
    page = found.order_by("-planned_on", "id").limit(limit).offset(offset)
    return await page.select_related("organisation", "partner")


async def mission_seen_by(actor: Actor, mission_id: UUID) -> Mission:
    """Return one mission the actor may see; raises NoSuchThing whether it is missing or out of their reach."""
    found = missions_seen_by(actor).filter(id=mission_id).select_related("organisation", "partner")
    mission = await found.prefetch_related("tasks").first()
    if mission is None:
        raise NoSuchThing
    return mission


async def missions_gone_on_by(actor: Actor, by: MissionFilter) -> list[MissionMember]:
    """Return a page of the actor's mission places, each with its mission, latest day first; one more than the limit."""
    actor.reaches(Permission.GO_ON_MISSIONS)
    mine = MissionMember.filter(member__person_id=actor.person.id, mission__state__in=TOLD)
    last = await mine.filter(mission_id=by.cursor).first().select_related("mission") if by.cursor else None
    page = mine
    if last:
        day = last.mission.planned_on
        same_day = Q(mission__planned_on=day, mission_id__gt=last.mission.id)
        page = mine.filter(Q(mission__planned_on__lt=day) | same_day)
    page = page.order_by("-mission__planned_on", "mission_id").limit(by.limit + 1)
    return await page.select_related("mission__organisation", "mission__partner")


async def mission_gone_on_by(actor: Actor, mission_id: UUID) -> tuple[Mission, MissionMember]:
    """Return a mission the actor was sent on, and their place on it; raises NoSuchThing."""
    actor.reaches(Permission.GO_ON_MISSIONS)
    place = await MissionMember.get_or_none(mission_id=mission_id, member__person_id=actor.person.id)
    found = Mission.filter(id=mission_id, state__in=TOLD).select_related("organisation", "partner")
    mission = await found.prefetch_related("tasks").first()
    if place is None or mission is None:
        raise NoSuchThing
    return mission, place


async def route_of(mission: Mission) -> list[MissionStop]:
    """Return the stops of a mission in order, with their questions in order."""
    stops = await MissionStop.filter(mission_id=mission.id).order_by("position").prefetch_related("questions")
    for stop in stops:
        stop.questions.related_objects.sort(key=lambda question: question.position)
    return stops


async def answers_of(mission: Mission) -> dict[UUID, ChecklistAnswer]:
    """Return the answers of a mission, by the id of the question."""
    return {one.question_id: one for one in await ChecklistAnswer.filter(mission_id=mission.id)}


async def sent_on(mission: Mission) -> list[MissionMember]:
    """Return the members who were sent on a mission, with their persons."""
    sent = MissionMember.filter(mission_id=mission.id).select_related(
        "member__person", "member__organisation"
    )
    return await sent.order_by("id")


async def finding_seen_by(actor: Actor, rendition_id: UUID) -> Rendition:
    """Return a rendition of a photo that supports an answer of a visible mission; raises NoSuchThing."""
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None)
    answer = await ChecklistAnswer.get_or_none(id=rendition.subject_id) if rendition else None
    if rendition is None or answer is None:
        raise NoSuchThing
    await mission_seen_by(actor, answer.mission_id)
    return rendition
