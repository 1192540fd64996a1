"""Reading: calls within the actor's scope or addressed to their unit, answers, and the media register."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import MediaItem, Obligation, TopicAnswer, TopicCall
from models.vocabulary import MediaKind
from server import files
from server.kernel.refusal import NoSuchThing
from server.kernel.set_sql import AnyOf
from server.obligations import Standing, hands_in_for, standings, visible
from server.people import Actor, Permission, may


class MediaFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which published pieces are wanted; `after` is the last one of the previous page."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    kind: MediaKind | None = None
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


def _calls(actor: Actor) -> QuerySet[TopicCall]:
    asked = Obligation.filter(visible(actor), about_id__isnull=False)
    return TopicCall.filter(visible(actor) | Q(id=AnyOf(asked.values("about_id"))))


async def calls_of(actor: Actor) -> list[TopicCall]:
    """Return the calls that an actor made or was asked by, the newest first, at most 200."""
    return await _calls(actor).order_by("-called_at", "-id").limit(200).select_related("organisation")


async def call_seen_by(actor: Actor, call_id: UUID) -> TopicCall:
    """Return a call; raises NoSuchThing."""
    call = await _calls(actor).filter(id=call_id).select_related("organisation", "called_by").first()
    if call is None:
        raise NoSuchThing
    return call


async def owed_for(actor: Actor, call: TopicCall, *, today: date) -> list[Standing]:
    """Return what the units that an actor sees owe for a call, by unit."""
    owed = Obligation.filter(visible(actor), about_id=call.id).select_related("organisation")
    return await standings(await owed.order_by("organisation__path"), today=today)


async def answers_of(actor: Actor, call: TopicCall) -> list[TopicAnswer]:
    """Return the answers to a call that an actor sees, oldest first."""
    found = TopicAnswer.filter(visible(actor), call_id=call.id).order_by("answered_at", "id")
    return await found.select_related("organisation", "answered_by")


async def answer_seen_by(actor: Actor, answer_id: UUID) -> TopicAnswer:
    """Return an answer; raises NoSuchThing."""
    answer = await TopicAnswer.filter(visible(actor), id=answer_id).first()
    if answer is None:
        raise NoSuchThing
    return answer


def media_wanted(actor: Actor, by: MediaFilter) -> QuerySet[MediaItem]:
    """Select the published pieces of a filter, before paging."""
    actor.reaches(Permission.SEE_OBLIGATIONS)
    wanted = MediaItem.all()
    if by.year:
        wanted = wanted.filter(published_on__gte=date(by.year, 1, 1), published_on__lte=date(by.year, 12, 31))
    return wanted.filter(kind=by.kind) if by.kind else wanted


async def media_of(actor: Actor, by: MediaFilter) -> list[MediaItem]:
    """Return a page of published pieces, the latest first, one more than the limit if there are more."""
    wanted = media_wanted(actor, by)
    if by.after and (last := await MediaItem.get_or_none(id=by.after)):
        day = last.published_on
        wanted = wanted.filter(Q(published_on__lt=day) | Q(published_on=day, id__lt=last.id))
    return await wanted.order_by("-published_on", "-id").limit(by.limit + 1)


@files.shows("topic_answer")
async def sees_answer(actor: Actor, answer_id: UUID) -> bool:
    """Whether an actor may see an answer and so its files."""
    can = may(actor.duties, Permission.SEE_OBLIGATIONS)
    return can and await TopicAnswer.filter(visible(actor), id=answer_id).exists()


@files.takes_more("topic_answer")
async def adds_to_answer(actor: Actor, answer_id: UUID) -> bool:
    """Whether an actor may add files to an answer: one of their unit's."""
    return await TopicAnswer.filter(id=answer_id, organisation_id__in=hands_in_for(actor)).exists()
