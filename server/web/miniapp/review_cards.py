"""Reports as a reviewer sees them on a phone: all that the decision needs, and nothing about who sent it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sanic import Request

from models import Observation, Reason
from models.vocabulary import ObservationKind, ObservationState, PlaceGrade, ReasonUse
from server import cases, observations, people, photos
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.workdays import Calendar, time_left
from server.observations import DuplicateCandidate
from server.photos import Count
from server.web.door.admission import tools_of
from server.web.door.operations import actor_of
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import PhotoCard, PhotoLink, ThreadLine
from server.web.miniapp.ledger_cards import ReasonLine

OPEN = (ObservationState.WAITING_MEDIA, ObservationState.RECEIVED, ObservationState.MORE_ASKED)


class ReviewLine(Struct):
    """A report in a review queue."""

    id: UUID
    receipt_number: str
    state: ObservationState
    state_label: str
    kind: ObservationKind
    text: str
    place_name: str
    role_label: str
    photos: int
    photos_here: int
    promised_on: date
    left_words: str
    is_late: bool
    ledger_number: str | None


class ReviewPage(Struct):
    """A page of a review queue, the most urgent first; `total` is the length of the whole queue."""

    items: list[ReviewLine]
    total: int
    cursor: UUID | None


class LikeReport(Struct):
    """An earlier report that may be about the same matter, and why; with `item_id`, the report can be joined to it."""

    text: str
    reasons: list[str]
    received_at: datetime
    item_id: UUID | None
    ledger_number: str | None


class ProposedTask(Struct):
    """The task that the reporter named, and the unit that leads it."""

    id: UUID
    code: str
    name: str
    unit_id: UUID
    unit_name: str


class ReleaseChoice(Struct):
    """A photo that may be released to the unit: an acceptance names its `id`, `words` tell what is blacked out."""

    id: UUID
    sha256: str
    is_free: bool
    words: str


class ReviewCard(Struct):
    """A report with everything a decision needs."""

    line: ReviewLine
    received_at: datetime
    anonymity_label: str
    place_grade: PlaceGrade
    place_words: str
    track_record: str
    version: int
    is_open: bool
    photos: list[PhotoCard]
    thread: list[ThreadLine]
    alike: list[LikeReport]
    title: str
    task: ProposedTask | None
    ask_reasons: list[ReasonLine]
    decline_reasons: list[ReasonLine]
    decline_asked_by: str
    claimed_by: str
    reply: str
    choices: list[ReleaseChoice]
    audience_words: str
    is_narrow: bool


def review_line(observation: Observation, *, count: Count, today: date, calendar: Calendar) -> ReviewLine:
    """Return a report as a line; its item must be loaded or absent."""
    item = observation.ledger_item
    return ReviewLine(
        id=observation.id,
        receipt_number=observation.receipt_number,
        state=observation.state,
        state_label=observation.state.label,
        kind=observation.kind,
        text=observation.text,
        place_name=observation.place_name,
        role_label=observation.reporter_words,
        photos=count.announced,
        photos_here=count.here,
        promised_on=observation.promised_on,
        left_words=time_left(today, observation.promised_on, calendar=calendar),
        is_late=observation.promised_on < today,
        ledger_number=item.number_text if item else None,
    )


async def review_card(request: Request, observation: Observation) -> ReviewCard:
    """Return a report in full; its task, unit and item must be loaded."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    pictures = await _pictures(request, observation)
    count = Count(len(pictures), sum(1 for one in pictures if one.state))
    is_open = observation.state in OPEN
    alike = await observations.find_duplicates(observation, by=actor) if is_open else []
    proposer, holder = await _names(observation, me=actor.person.id, now=now)
    audience = await cases.audience_of([observation] if is_open else [], now=now)
    return ReviewCard(
        line=review_line(observation, count=count, today=business_date(now), calendar=await calendar()),
        received_at=observation.received_at,
        anonymity_label=observation.anonymity.label,
        place_grade=observation.place_grade,
        place_words=observation.place_grade.label,
        track_record=await observations.track_record(observation),
        version=observation.version,
        is_open=is_open,
        photos=pictures,
        thread=[
            ThreadLine(one.from_office, one.text, one.sent_at)
            for one in await observations.thread_of(observation)
        ],
        alike=[_like(one) for one in alike],
        title=observations.proposed_title(observation.text),
        task=_task(observation),
        ask_reasons=_reasons(await observations.reasons(ReasonUse.ASK_MORE)),
        decline_reasons=_reasons(await observations.reasons(ReasonUse.DECLINE)),
        decline_asked_by=proposer,
        claimed_by=holder,
        reply=observation.reply,
        choices=await _choices(observation) if is_open else [],
        audience_words=audience.words,
        is_narrow=audience.is_narrow,
    )


async def _names(observation: Observation, *, me: UUID, now: datetime) -> tuple[str, str]:
    """Return who proposed to decline it and which other person is reviewing it; empty if nobody."""
    is_held = observation.claimed_until is not None and observation.claimed_until > now
    holder = observation.claimed_by_id if is_held and observation.claimed_by_id != me else None
    proposer = observation.decline_asked_by_id
    names = await people.designations_of([one for one in (proposer, holder) if one])
    return names.get(proposer, "") if proposer else "", names.get(holder, "") if holder else ""


async def _pictures(request: Request, observation: Observation) -> list[PhotoCard]:
    person = actor_of(request).person
    here = [
        PhotoCard(
            photo.sha256,
            photo.state,
            photo.refused_because or photo.state.label,
            [PhotoLink(*one) for one in photo_links(request, photo, subject_id=observation.id, to=person)],
        )
        for photo in await photos.photos_of(observation.id)
    ]
    return here + [PhotoCard(one, None, "还没有送达", []) for one in await photos.missing(observation.id)]


async def _choices(observation: Observation) -> list[ReleaseChoice]:
    return [
        ReleaseChoice(one.photo.id, one.photo.sha256, one.is_free, one.words)
        for one in await cases.choices_of(observation)
    ]


def _like(one: DuplicateCandidate) -> LikeReport:
    item = one.observation.ledger_item
    return LikeReport(
        text=one.observation.text,
        reasons=one.reasons,
        received_at=one.observation.received_at,
        item_id=item.id if item else None,
        ledger_number=item.number_text if item else None,
    )


def _task(observation: Observation) -> ProposedTask | None:
    task = observation.task
    if task is None:
        return None
    return ProposedTask(task.id, task.code, task.name, task.lead_unit_id, task.lead_unit.name)


def _reasons(found: Sequence[Reason]) -> list[ReasonLine]:
    return [ReasonLine(one.code, one.label, one.text) for one in found]
