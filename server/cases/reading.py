"""Reading cases: the office reads all of its own, a unit only those released to it and nothing beyond the case."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import Case, CaseAnswer, CasePicture, LedgerItem, Observation, Photo, Rendition
from models.vocabulary import CaseState, ObservationState, PhotoState, Scope
from server import moderation, observations, photos
from server.cases.states import TOLD
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission
from server.people.reaching import within

BATCH_ORDER = ("-released_on", "position")


class CaseFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cases a unit asks for; `cursor` is the id of the last one on the previous page."""

    item_id: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    cursor: UUID | None = None


def released_to(actor: Actor, permission: Permission = Permission.SEE_CASES) -> QuerySet[Case]:
    """Select the cases released to the actor's unit, or to the actor for the items they answer for."""
    seen = Q(id__isnull=True)
    for reach in actor.reaches(permission):
        if reach.scope is Scope.UNIT and reach.organisation_id:
            seen |= Q(unit_id=reach.organisation_id)
        elif reach.scope is Scope.ASSIGNED:
            us = actor.acts_for
            seen |= Q(item__commissioner_id__in=us) | Q(item__task__commissioners__id__in=us)
    return Case.filter(seen, state__in=TOLD).distinct()


async def page_of_unit(actor: Actor, by: CaseFilter) -> list[Case]:
    """Return a page of released cases, newest batch first, in the drawn order; one more than the limit."""
    found = released_to(actor)
    if by.item_id:
        found = found.filter(item_id=by.item_id)
    last = await released_to(actor).filter(id=by.cursor).first() if by.cursor else None
    if last:
        same_day = Q(released_on=last.released_on, position__gt=last.position)
        found = found.filter(Q(released_on__lt=last.released_on) | same_day)
    return await found.order_by(*BATCH_ORDER).limit(by.limit + 1).select_related("item")


async def case_of_unit(actor: Actor, case_id: UUID, *, permission: Permission = Permission.SEE_CASES) -> Case:
    """Return one released case the actor may see; raises NoSuchThing whether it is missing or out of their reach."""
    found = await released_to(actor, permission).filter(id=case_id).select_related("item").first()
    if found is None:
        raise NoSuchThing
    return found


def told_by(actor: Actor) -> QuerySet[Case]:
    """Select the cases of the offices for which the actor writes cases."""
    return Case.filter(within(actor, Permission.TELL_UNITS, "item__organisation"))


async def cases_of_office(
    actor: Actor, *, state: CaseState | None = None, limit: int = 50, offset: int = 0
) -> list[Case]:
    """Return the office's cases with item and unit, the one opened last first."""
    found = told_by(actor).filter(state=state) if state else told_by(actor)
    page = found.order_by("-opened_at", "id").limit(limit).offset(offset)
    return await page.select_related("item", "unit", "opened_by")


async def case_of_office(actor: Actor, case_id: UUID) -> Case:
    """Return one case of the actor's office with item and unit; raises NoSuchThing."""
    found = await told_by(actor).filter(id=case_id).select_related("item", "unit", "opened_by").first()
    if found is None:
        raise NoSuchThing
    return found


async def item_told_by(actor: Actor, item_id: UUID) -> LedgerItem:
    """Return a ledger item for which the actor may write a case; raises NoSuchThing."""
    reachable = LedgerItem.filter(within(actor, Permission.TELL_UNITS, "organisation"), id=item_id)
    item = await reachable.select_related("lead_unit").first()
    if item is None:
        raise NoSuchThing
    return item


async def reports_behind(item_id: UUID) -> list[Observation]:
    """Return the reports that an item, or an item merged into it, was registered from; for the office only."""
    behind = Q(ledger_item_id=item_id) | Q(ledger_item__merged_into_id=item_id)
    return await Observation.filter(behind).exclude(state=ObservationState.WITHDRAWN).order_by("received_at")


async def photos_to_choose(actor: Actor, item_id: UUID) -> list[tuple[UUID, Photo]]:
    """Return the photos that the office may release with a case, each with the id of its report."""
    await item_told_by(actor, item_id)
    reports = await reports_behind(item_id)
    found = await photos.photos_of_each([report.id for report in reports])
    return [
        (report.id, photo)
        for report in reports
        for photo in found[report.id]
        if photo.state is PhotoState.SHOWN
    ]


async def pictures_of(case: Case) -> list[Photo]:
    """Return the released photos of a case in order, with renditions, except those hidden since."""
    chosen = CasePicture.filter(case_id=case.id).order_by("position")
    found = [one.photo for one in await chosen.prefetch_related("photo__renditions")]
    seen = await moderation.visible_photos(found)
    return [photo for photo in found if photo.id in seen]


async def picture_seen_by(actor: Actor, rendition_id: UUID) -> Rendition:
    """Return a rendition made for a case of the actor's unit; raises NoSuchThing."""
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None)
    if rendition is None:
        raise NoSuchThing
    case = await case_of_unit(actor, rendition.subject_id)
    if rendition.photo_id not in {photo.id for photo in await pictures_of(case)}:
        raise NoSuchThing
    return rendition


async def named_reporters(case: Case) -> list[str]:
    """Return the names of those who reported under their name; the unit learns of nobody else."""
    return await observations.names_shown(await reports_behind(case.item_id))


async def answers_of(case: Case) -> list[CaseAnswer]:
    """Return the unit's answers, oldest first."""
    return await CaseAnswer.filter(case_id=case.id).order_by("answered_at")
