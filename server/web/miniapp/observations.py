"""Reports from phones: submit, view, amend, withdraw."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Observation, Photo
from server import observations, photos
from server.observations import SubmitObservation
from server.observations.refusals import (
    ClockWrong,
    IdempotencyMismatch,
    LowerAnonymity,
    NeedsNewVersion,
    NoSuchCategory,
    NoSuchTask,
    NotAmendable,
    PhotoNeeded,
    SealAnew,
    Stale,
    TooManyToday,
    Withdrawn,
    WrittenLongAgo,
)
from server.observations.submitting import NotOpenYet, Submitted
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import (
    ObservationPage,
    PhotoCard,
    PhotoLink,
    Receipt,
    Step,
    ThreadLine,
    observation_line,
)
from server.web.miniapp.observation_cards import ObservationCard
from server.web.miniapp.recheck_cards import recheck_asked

blueprint = Blueprint("observations")
SUBMIT, SEE = phone(Permission.SUBMIT_OBSERVATION), phone(Permission.SEE_OBSERVATIONS)


class OwnList(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of the person's own reports to return; `cursor` comes from the previous page."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    cursor: UUID | None = None


class SayToOffice(Struct, frozen=True, forbid_unknown_fields=True):
    """A message from the reporter."""

    text: Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]


class Said(Done):
    """A message that a reporter sent to the office."""

    client_id: UUID
    message_id: UUID

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the message as it appears in the thread."""
        observation = await observations.own_observation(actor_of(request), self.client_id)
        said = next(one for one in await observations.thread_of(observation) if one.id == self.message_id)
        return answer(ThreadLine(said.from_office, said.text, said.sent_at), status=201)


@operation(
    blueprint,
    "PUT",
    "/observations/<client_id:uuid>",
    summary="提交现场观察",
    guard=SUBMIT,
    body=SubmitObservation,
    answers={201: Receipt, 200: Receipt},
    refusals=(
        IdempotencyMismatch,
        Withdrawn,
        TooManyToday,
        NoSuchTask,
        NoSuchCategory,
        PhotoNeeded,
        ClockWrong,
        WrittenLongAgo,
        NotOpenYet,
        NeedsNewVersion,
    ),
)
async def submit_observation(request: Request, command: SubmitObservation, client_id: UUID) -> HTTPResponse:
    """Submit a report: text, place and a list of photos; the photos themselves follow.

    `client_id` is a random UUID that the phone creates with the draft. The same id with the same body gives the
    same answer (200). `receipt_hash` is the SHA-256 over these lines joined with a line feed: receipt number,
    client id, received_at in whole seconds since 1970, kind, text, and the sha256 of each photo in order.
    """
    done = await observations.submit(
        command, client_id=client_id, by=actor_of(request), now=tools_of(request).clock.now()
    )
    return answer(_receipt(done), status=201 if done.is_new else 200)


@operation(
    blueprint,
    "PUT",
    "/observations/<client_id:uuid>/revisions/<base_version:int>",
    summary="补充修改",
    guard=SUBMIT,
    body=SubmitObservation,
    answers={201: Receipt, 200: Receipt},
    refusals=(
        IdempotencyMismatch,
        Withdrawn,
        Stale,
        NotAmendable,
        LowerAnonymity,
        SealAnew,
        NoSuchTask,
        NoSuchCategory,
        PhotoNeeded,
    ),
)
async def amend_observation(
    request: Request, command: SubmitObservation, client_id: UUID, base_version: int
) -> HTTPResponse:
    """Replace a report that is not yet decided; `base_version` is the version the phone last saw."""
    done = await observations.amend(
        command,
        client_id=client_id,
        base_version=base_version,
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return answer(_receipt(done), status=201 if done.is_new else 200)


@operation(
    blueprint,
    "DELETE",
    "/observations/<client_id:uuid>",
    summary="撤回上报",
    guard=SUBMIT,
    answers={200: ObservationCard},
    refusals=(NotAmendable,),
)
async def withdraw_observation(request: Request, client_id: UUID) -> HTTPResponse:
    """Withdraw a report that is not yet decided; sending it again later answers 410."""
    actor = actor_of(request)
    await observations.withdraw(client_id=client_id, by=actor, now=tools_of(request).clock.now())
    return answer(await _card(request, await observations.own_observation(actor, client_id)))


@operation(
    blueprint,
    "GET",
    "/observations/<client_id:uuid>",
    summary="查看我的上报",
    guard=SEE,
    answers={200: ObservationCard},
)
async def see_observation(request: Request, client_id: UUID) -> HTTPResponse:
    """Return a report as the server has it; `state` is waiting_media until every photo has arrived."""
    return answer(await _card(request, await observations.own_observation(actor_of(request), client_id)))


@operation(
    blueprint,
    "GET",
    "/observations",
    summary="我的上报列表",
    guard=SEE,
    query=OwnList,
    answers={200: ObservationPage},
)
async def list_observations(request: Request, query: OwnList) -> HTTPResponse:
    """Return the person's own reports, newest first."""
    found = await observations.own_observations(actor_of(request), after=query.cursor, limit=query.limit)
    lines = [observation_line(one, observations.status_words(one, missing=1)) for one in found]
    cursor = str(found[-1].client_id) if len(found) == query.limit else None
    thanks = "" if query.cursor else await observations.own_thanks(actor_of(request).person.id)
    return answer(ObservationPage(lines, cursor, thanks))


@operation(
    blueprint,
    "POST",
    "/observations/<client_id:uuid>/messages",
    summary="给改革办留言",
    guard=SUBMIT,
    body=SayToOffice,
    answers={201: ThreadLine},
    keyed=Said,
    refusals=(NotAmendable,),
)
async def say_to_office(request: Request, command: SayToOffice, client_id: UUID) -> Said:
    """Send the office a message about a report; this also answers the office's request for more information."""
    said = await observations.say_as_reporter(
        client_id, text=command.text, by=actor_of(request), now=tools_of(request).clock.now()
    )
    return Said(client_id, said.id)


def _receipt(done: Submitted) -> Receipt:
    observation = done.observation
    return Receipt(
        client_id=observation.client_id,
        receipt_number=observation.receipt_number,
        receipt_hash=observation.receipt_hash,
        state=observation.state,
        missing=done.missing,
        promised_on=observation.promised_on,
        promise_words=observation.promise_words,
        received_at=observation.received_at,
        version=observation.version,
        words=_words(observation, missing=done.missing),
    )


async def _card(request: Request, observation: Observation) -> ObservationCard:
    missing = await photos.missing(observation.id)
    kept = await photos.photos_of(observation.id)
    item = observation.ledger_item
    proof = await observations.proof_of(observation, now=tools_of(request).clock.now())
    return ObservationCard(
        client_id=observation.client_id,
        receipt_number=observation.receipt_number,
        receipt_hash=observation.receipt_hash,
        block=proof.block,
        block_words=proof.words,
        state=observation.state,
        state_label=observation.state.label,
        words=_words(observation, missing=missing),
        kind=observation.kind,
        text=observation.text,
        anonymity=observation.anonymity,
        place_name=observation.place_name,
        task_id=observation.task_id,
        written_at=observation.written_at,
        received_at=observation.received_at,
        promised_on=observation.promised_on,
        promise_words=observation.promise_words,
        version=observation.version,
        reply=observation.reply,
        ledger_number=item.number_text if item else None,
        missing=missing,
        photos=_photo_cards(request, observation, kept),
        recheck=await recheck_asked(request, observation, kept),
        sent=msgspec.convert(observation.body, SubmitObservation),
        steps=[Step(*step) for step in observations.steps(observation)],
        thread=[
            ThreadLine(one.from_office, one.text, one.sent_at)
            for one in await observations.thread_of(observation)
        ],
    )


def _photo_cards(request: Request, observation: Observation, kept: list[Photo]) -> list[PhotoCard]:
    actor = actor_of(request)
    cards = []
    for photo in kept:
        links = photo_links(request, photo, subject_id=observation.id, to=actor.person)
        words = photo.refused_because or photo.state.label
        cards.append(PhotoCard(photo.sha256, photo.state, words, [PhotoLink(*link) for link in links]))
    return cards


def _words(observation: Observation, *, missing: list[str]) -> str:
    return observations.status_words(observation, missing=len(missing))
