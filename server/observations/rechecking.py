"""The reporter's re-check of a solution: what they saw, in words and pictures, for the office only (V3, LED-08)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models import Observation, Photo, Recheck
from models.vocabulary import RecheckAnswer
from server import ledger, photos, reporters
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.observations.reading import own_observation, reviewable
from server.people import Actor
from server.photos import AnnouncedPhoto

RECHECK = "recheck"  # the subject kind of its photos


@dataclass(frozen=True)
class Rechecked:
    """An answered re-check, and which of its photos are still missing."""

    told: Recheck
    missing: list[str]


@dataclass(frozen=True)
class RecheckSeen:
    """An answered re-check as the office reads it, dated by day and never by hour."""

    id: UUID
    observation_id: UUID
    answer: RecheckAnswer
    words: str
    on: date
    pictures: list[Photo]


@unit_of_work
async def answer_recheck(
    client_id: UUID,
    *,
    answer: RecheckAnswer,
    text: str,
    pictures: Sequence[AnnouncedPhoto] = (),
    by: Actor,
    now: datetime,
) -> Rechecked:
    """Record what the reporter saw; repeating the answer changes nothing and keeps what came with the first one.

    Raises RecheckOver, RecheckNeedsWords.
    """
    await reporters.lock_reporter(by.person.id)
    observation = await own_observation(by, client_id)
    told = await ledger.answer_recheck(observation.id, answer=answer, text=text, now=now)
    if pictures and told.answered_at == now:
        await photos.announce(pictures, subject_kind=RECHECK, subject_id=told.id, by=by.person, now=now)
    return Rechecked(told, await photos.missing(told.id))


async def rechecks_of(actor: Actor, item_id: UUID) -> list[RecheckSeen]:
    """Return the answered re-checks of an item's solution, latest round first, for those who may review the reports."""
    answered = Recheck.filter(item_id=item_id, answer__isnull=False).order_by("-round", "id")
    found = [one for one in await answered if one.answer and one.answered_at]
    reports = [one.observation_id for one in found]
    seen = {one.id for one in await reviewable(actor).filter(id__in=reports).only("id")}
    shown = await photos.photos_of_each([one.id for one in found])
    return [
        RecheckSeen(
            one.id,
            one.observation_id,
            one.answer,
            one.text,
            business_date(one.answered_at),
            shown[one.id],
        )
        for one in found
        if one.answer and one.answered_at and one.observation_id in seen
    ]


@photos.tells_senders(RECHECK)
async def _senders(recheck_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the sender of each re-check's photos: the reporter."""
    report_of = {one.id: one.observation_id for one in await Recheck.filter(id__in=list(recheck_ids))}
    senders = await reporters.reporters_of(report_of.values())
    return {one: senders[report] for one, report in report_of.items() if report in senders}


@photos.describes(RECHECK)
async def _describe(recheck_id: UUID) -> photos.Subject | None:
    """Describe a re-check's photos by the place of the report and the number of the item."""
    told = await Recheck.filter(id=recheck_id).select_related("item").first()
    report = told and await Observation.get_or_none(id=told.observation_id)
    if not told or not report:
        return None
    return photos.Subject(
        id=told.id,
        kind="observation",
        told_as=report.client_id,
        place=report.place_name,
        task=told.item.number_text,
        is_by_day=True,
    )
