"""Submitting a report: text, place and the list of photos first; the photos follow in any order, each exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from tortoise.exceptions import IntegrityError

from models import Observation, Organisation, ReformTask
from models.vocabulary import ObservationState as S
from models.vocabulary import OrganisationKind, PlaceGrade, Role
from server import journal, photos, policies, reporters
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.places import Position, grade, to_wgs84
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.set_sql import count_each
from server.kernel.unit_of_work import unit_of_work
from server.observations.commands import Place, SubmitObservation
from server.observations.limits import allowance_of, check_allowance
from server.observations.receipts import body_digest, differing_fields, new_receipt_number, receipt_hash
from server.observations.refusals import (
    ClockWrong,
    IdempotencyMismatch,
    NeedsNewVersion,
    NoSuchCategory,
    NoSuchTask,
    PhotoNeeded,
    Withdrawn,
    WrittenLongAgo,
)
from server.observations.tiers import TIERS
from server.packs import Categories, ReportLimits
from server.people import Actor, Permission, acting_role

SUBJECT = "observation"
FENCE_M = 200.0
CLOCKS_DIFFER = timedelta(hours=24)  # phones correct theirs by the office's; what is left is a wrong zone
DRAFTS_LAST = timedelta(days=30)


@dataclass(frozen=True)
class Submitted:
    """An observation as it now stands, its missing photos, and whether this call created it."""

    observation: Observation
    missing: list[str]
    is_new: bool


class NotOpenYet(Refusal):
    """No reform office is set up to receive reports."""

    status = 503
    message_zh = "系统还没有启用，暂时不能上报。"
    hint_zh = "请过一段时间再试。"
    retry = "later"


@unit_of_work
async def submit(
    command: SubmitObservation,
    *,
    client_id: UUID,
    by: Actor,
    now: datetime,
) -> Submitted:
    """Submit an observation to the office, which promises an answer in so many working days (REV-08).

    Submitting the same observation twice has the same effect as once.

    Raises IdempotencyMismatch naming the fields when the same id comes with another body, Withdrawn after
    a withdrawal, TooManyToday past the limits of SUB-16, NoSuchTask for a task that is not current, NoSuchCategory,
    ClockWrong or WrittenLongAgo for a time that can't be, PhotoNeeded where words alone are not enough,
    NeedsNewVersion for a sealed report, which has no reporter.
    """
    if not TIERS[command.anonymity].found_by_server:
        raise NeedsNewVersion
    await reporters.lock_reporter(by.person.id)
    earlier = await Observation.get_or_none(client_id=client_id)
    if earlier:
        await check_own(earlier, by=by)
        check_same(command, earlier)
        return Submitted(earlier, await photos.missing(earlier.id), is_new=False)

    role = acting_role(by.duties, Permission.SUBMIT_OBSERVATION)
    now = now.replace(microsecond=0)
    rules = await policies.in_force()
    await _check_pace(by, role=role, limits=rules.report_limits, now=now)
    check_written(command.written_at, now=now)
    check_category(command, rules.categories)
    await check_task(command.task_id)
    promise = (await calendar()).due(business_date(now), rules.promises.review_days)
    number = new_receipt_number()
    observation = Observation(
        id=uuid4(),
        office=await receiving_office(),
        reporter_role=role,
        client_id=client_id,
        receipt_number=number,
        receipt_hash=receipt_hash(command, client_id=client_id, number=number, received_at=now),
        received_at=now,
        promised_on=promise.on,
        promise_words=promise.words,
        **described(command),
    )
    observation.state = S.RECEIVED
    missing = await photos.announce(
        command.photos, subject_kind=SUBJECT, subject_id=observation.id, by=by.person, now=now
    )
    if missing:
        observation.state = S.WAITING_MEDIA
    try:
        await observation.save(force_create=True)
    except IntegrityError as error:  # another request took this id at the same moment
        raise NoSuchThing from error
    await reporters.sign(observation.id, by=by.person.id, at=now)
    await journal.record("observation.submitted", observation, by=None, photos=len(command.photos))
    return Submitted(observation, missing, is_new=True)


async def check_own(observation: Observation, *, by: Actor) -> None:
    """Raise NoSuchThing unless the actor sent this report, so that other people's reports seem not to exist."""
    if not await reporters.sent_by(by.person.id, observation.id):
        raise NoSuchThing


def described(command: SubmitObservation) -> dict[str, Any]:
    """Return the columns that a body fills, with the place as sent and converted to WGS-84."""
    return {
        "body_digest": body_digest(command),
        "body": msgspec.to_builtins(command),
        "kind": command.kind,
        "category": command.category,
        "text": command.text,
        "anonymity": command.anonymity,
        "task_id": command.task_id,
        "written_at": command.written_at,
        **_placed(command.place),
    }


def check_category(command: SubmitObservation, categories: Categories, *, earlier: str | None = None) -> None:
    """Raise NoSuchCategory or PhotoNeeded; a report keeps its `earlier` category, retired or not. Pure."""
    category = categories.named(command.category)
    if command.category and (category is None or not (category.is_on or category.code == earlier)):
        raise NoSuchCategory
    if not command.photos and not (category and category.text_only):
        raise PhotoNeeded


def check_written(written_at: datetime | None, *, now: datetime) -> None:
    """Raise ClockWrong or WrittenLongAgo for a time of writing that nobody can believe (SUB-02). Pure."""
    if written_at is None:
        return
    if written_at > now + CLOCKS_DIFFER:
        raise ClockWrong
    if written_at < now - DRAFTS_LAST:
        raise WrittenLongAgo


async def check_task(task_id: UUID | None) -> None:
    """Raise NoSuchTask if a task is named that is not on the current list."""
    if task_id and not await ReformTask.exists(id=task_id, is_current=True):
        raise NoSuchTask(fields=[{"field": "task_id", "message_zh": NoSuchTask.message_zh}])


def check_same(command: SubmitObservation, earlier: Observation) -> None:
    """Check that a retry equals the original; raises Withdrawn or IdempotencyMismatch."""
    if earlier.state is S.WITHDRAWN:
        raise Withdrawn
    if body_digest(command) != earlier.body_digest:
        fields = differing_fields(msgspec.to_builtins(command), earlier.body)
        problems = [{"field": name, "message_zh": "与第一次提交的不一样"} for name in fields]
        raise IdempotencyMismatch(fields=problems)


def _placed(place: Place | None) -> dict[str, Any]:
    if place is None:
        empty = (
            "latitude",
            "longitude",
            "datum",
            "accuracy_m",
            "place_source",
            "wgs_latitude",
            "wgs_longitude",
        )
        return dict.fromkeys(empty) | {"place_name": "", "place_grade": PlaceGrade.D}
    wgs = to_wgs84(Position(place.latitude, place.longitude, place.datum))
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "datum": place.datum,
        "accuracy_m": place.accuracy_m,
        "place_source": place.source,
        "place_name": place.name or "",
        "wgs_latitude": wgs.latitude,
        "wgs_longitude": wgs.longitude,
        "place_grade": grade(accuracy_m=place.accuracy_m, distance_to_site_m=None, fence_m=FENCE_M),
    }


async def _check_pace(by: Actor, *, role: Role, limits: ReportLimits, now: datetime) -> None:
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    an_hour_ago = now - timedelta(hours=1)
    since = business_date(min(midnight, an_hour_ago))
    past = await reporters.past_of(by.person.id, since=since)
    mine = Observation.filter(id__in=past.reports)
    last_hour, today = await count_each(
        [mine.filter(received_at__gt=an_hour_ago), mine.filter(received_at__gte=midnight)]
    )
    known_since = past.known_since or business_date(now)
    allowance = allowance_of(role, known_for=business_date(now) - known_since, limits=limits)
    check_allowance(allowance, last_hour=last_hour, today=today, now=now)


async def receiving_office() -> Organisation:
    """Return the office that receives reports; raises NotOpenYet."""
    office = await Organisation.filter(kind=OrganisationKind.REFORM_OFFICE).order_by("sort_order").first()
    if office is None:
        raise NotOpenYet
    return office
