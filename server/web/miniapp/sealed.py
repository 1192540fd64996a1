"""Sealed reports from phones: by a capability, never signed in; phones send these requests only when a person taps."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Observation, SealedAccess
from models.vocabulary import Anonymity
from server import ledger, observations, photos, sealed
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.ledger.commands import RecheckReply
from server.ledger.refusals import RecheckNeedsWords, RecheckOver
from server.observations.refusals import IdempotencyMismatch, NoSuchTask, NotAmendable
from server.observations.submitting import NotOpenYet
from server.photos.reading import MAX_BYTES
from server.photos.refusals import DigestDiffers, NotAPhoto, PhotoTooBig, StorageAway, StorageFull
from server.sealed import SubmitSealed
from server.sealed.codes import CAPABILITY
from server.sealed.refusals import CodeUsed, CodeWrong, NotEnteredYet, NotOffered, TicketRefused
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.operations import actor_of, answer, operation
from server.web.door.uploading import one_file
from server.web.miniapp.cards import Step, ThreadLine
from server.web.miniapp.observations import SayToOffice
from server.web.miniapp.recheck_cards import recheck_words
from server.web.miniapp.sealed_cards import (
    AnonymityTiers,
    EnvelopeOpened,
    SealedCard,
    SealedPhotoKept,
    SealedReceipt,
    SealedRecheck,
    Tickets,
    TierCard,
    WhoSees,
)

blueprint = Blueprint("sealed")
HEADER = "capability"


class RestoreSealed(Struct, frozen=True, forbid_unknown_fields=True):
    """The code as printed on paper; the new phone's capability comes in the header."""

    code: Annotated[str, Meta(min_length=24, max_length=60)]


class PhotoDigest(Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of the bytes being sent: checked, not stored."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


@operation(
    blueprint,
    "GET",
    "/anonymity-tiers",
    summary="谁能看到我",
    guard=public(per_minute=60),
    answers={200: AnonymityTiers},
)
async def see_tiers(request: Request) -> HTTPResponse:
    """Return what each tier promises and to whom, and what none can promise; the code enforces this same table."""
    offers_sealed = await sealed.current() is not None
    tiers = [
        TierCard(
            value=one,
            label=one.label,
            promise=observations.TIERS[one].promise,
            is_offered=offers_sealed or observations.TIERS[one].found_by_server,
            lines=[WhoSees(*line) for line in observations.who_sees(one)],
        )
        for one in (Anonymity.HIDDEN, Anonymity.SEALED, Anonymity.NAMED)
    ]
    return answer(AnonymityTiers(tiers, list(observations.CANNOT)))


@operation(blueprint, "POST", "/tickets", summary="领取今天的密封凭证", guard=phone(), answers={200: Tickets})
async def take_tickets(request: Request) -> HTTPResponse:
    """Return today's two tickets; everybody who opens the program gets them, used or not, so asking reveals nothing."""
    tools = tools_of(request)
    told = await sealed.todays_tickets(actor_of(request), keys=tools.keys, now=tools.clock.now())
    return answer(Tickets(told))


@operation(
    blueprint,
    "PUT",
    "/sealed/report",
    summary="密封上报",
    guard=public(per_minute=10),
    capability=True,
    body=SubmitSealed,
    answers={201: SealedReceipt, 200: SealedReceipt},
    refusals=(NotOffered, TicketRefused, CodeWrong, CodeUsed, IdempotencyMismatch, NoSuchTask, NotOpenYet),
)
async def submit_sealed(request: Request, command: SubmitSealed) -> HTTPResponse:
    """Submit a sealed report: a ticket stands for the person, the capability for the phone.

    The same report again gets the same answer. `receipt_hash` is the SHA-256 over these lines joined with a line
    feed: receipt number, received_at in whole seconds since 1970 (an hour), kind, text, and the name of each photo
    in order. A photo's name is the HMAC-SHA-256 of its digest under SHA-256("photos" ‖ capability), digest and
    capability as hex letters.
    """
    tools, capability = tools_of(request), request.headers.get(HEADER, "")
    if not CAPABILITY.fullmatch(capability):
        raise NoSuchThing
    done = await sealed.submit(
        command,
        capability=capability,
        keys=tools.keys,
        now=tools.clock.now(),
    )
    one = done.observation
    receipt = SealedReceipt(
        receipt_number=one.receipt_number,
        receipt_hash=one.receipt_hash,
        state=one.state,
        missing=done.missing,
        promised_on=one.promised_on,
        promise_words=one.promise_words,
        received_at=one.received_at,
        words=observations.status_words(one, missing=len(done.missing)),
    )
    return answer(receipt, status=201 if done.is_new else 200)


@operation(
    blueprint,
    "GET",
    "/sealed/report",
    summary="查看密封上报",
    guard=public(per_minute=60),
    capability=True,
    answers={200: SealedCard},
    refusals=(NoSuchThing,),
)
async def see_sealed(request: Request) -> HTTPResponse:
    """Return the report's outcome and conversation, and when its envelope was opened, if ever."""
    return answer(await _card(request, await _access(request)))


@operation(
    blueprint,
    "DELETE",
    "/sealed/report",
    summary="撤回密封上报",
    guard=public(per_minute=20),
    capability=True,
    answers={200: SealedCard},
    refusals=(NoSuchThing, NotAmendable),
)
async def withdraw_sealed(request: Request) -> HTTPResponse:
    """Withdraw a report that is not yet decided; its text is erased."""
    access = await _access(request)
    await sealed.withdraw(access, now=tools_of(request).clock.now())
    return answer(await _card(request, access))


@operation(
    blueprint,
    "POST",
    "/sealed/report/messages",
    summary="给改革办留言（密封）",
    guard=public(per_minute=20),
    capability=True,
    body=SayToOffice,
    answers={201: SealedCard},
    refusals=(NoSuchThing, NotEnteredYet, NotAmendable),
)
async def say_sealed(request: Request, command: SayToOffice) -> HTTPResponse:
    """Send the office a message about a sealed report; this also answers the office's request for more information."""
    access = await _access(request)
    await sealed.say(access, text=command.text, now=tools_of(request).clock.now())
    return answer(await _card(request, access), status=201)


@operation(
    blueprint,
    "PUT",
    "/sealed/report/recheck",
    summary="回访：解决了吗（密封）",
    guard=public(per_minute=20),
    capability=True,
    body=RecheckReply,
    answers={200: SealedCard},
    refusals=(NoSuchThing, NotEnteredYet, RecheckOver, RecheckNeedsWords),
)
async def answer_sealed_recheck(request: Request, command: RecheckReply) -> HTTPResponse:
    """Answer with one tap, after close-out, whether the matter is solved; repeating it changes nothing."""
    access = await _access(request)
    now = tools_of(request).clock.now()
    await sealed.answer_recheck(access, answer=command.answer, text=command.text, now=now)
    return answer(await _card(request, access))


@operation(
    blueprint,
    "POST",
    "/sealed/restoration",
    summary="凭取件码找回密封上报",
    guard=public(per_minute=5),
    capability=True,
    body=RestoreSealed,
    answers={200: SealedCard},
    refusals=(NoSuchThing, CodeWrong),
)
async def restore_sealed(request: Request, command: RestoreSealed) -> HTTPResponse:
    """Give the report to this phone by the code on paper; the earlier phone loses it."""
    capability = request.headers.get(HEADER, "")
    if not CAPABILITY.fullmatch(capability):
        raise NoSuchThing
    keys = tools_of(request).keys
    access = await sealed.restore(code=command.code, capability=capability, keys=keys)
    return answer(await _card(request, access))


@operation(
    blueprint,
    "POST",
    "/sealed/photos/<name:digest>",
    summary="上传密封上报的照片",
    guard=public(per_minute=60, max_bytes=None),
    capability=True,
    query=PhotoDigest,
    upload="file",
    answers={200: SealedPhotoKept},
    refusals=(NotAPhoto, PhotoTooBig, DigestDiffers, StorageFull, StorageAway),
)
async def keep_sealed_photo(request: Request, query: PhotoDigest, name: str) -> HTTPResponse:
    """Upload one JPEG that the phone re-encoded, under the name that its report announced."""
    access, tools = await _access(request), tools_of(request)
    missing = await sealed.receive_photo(
        access,
        one_file(request, "file", max_bytes=MAX_BYTES),
        name=name,
        sha256=query.sha256,
        storage=tools.storage,
        keys=tools.keys,
        now=tools.clock.now(),
    )
    return answer(SealedPhotoKept(missing))


async def _access(request: Request) -> SealedAccess:
    return await sealed.access_by(request.headers.get(HEADER, ""))


async def _card(request: Request, access: SealedAccess) -> SealedCard:
    observation = await sealed.observation_behind(access)
    missing, item = await photos.missing(observation.id), observation.ledger_item
    proof = await observations.proof_of(observation, now=tools_of(request).clock.now())
    return SealedCard(
        receipt_number=observation.receipt_number,
        receipt_hash=observation.receipt_hash,
        block=proof.block,
        block_words=proof.words,
        state=observation.state,
        state_label=observation.state.label,
        words=observations.status_words(observation, missing=len(missing)),
        kind=observation.kind,
        text=observation.text,
        place_name=observation.place_name,
        received_at=observation.received_at,
        promised_on=observation.promised_on,
        promise_words=observation.promise_words,
        reply=observation.reply,
        ledger_number=item.number_text if item else None,
        missing=missing,
        photos=await photos.count_sealed(observation.id),
        is_entered=await sealed.is_entered(observation),
        steps=[Step(*step) for step in observations.steps(observation)],
        recheck=await _recheck(request, observation),
        thread=[
            ThreadLine(one.from_office, one.text, sealed.hour_of(one.sent_at))
            for one in await observations.thread_of(observation)
        ],
        openings=await _openings(observation),
    )


async def _recheck(request: Request, observation: Observation) -> SealedRecheck | None:
    asked = await ledger.recheck_of(observation.id)
    if asked is None:
        return None
    today = business_date(tools_of(request).clock.now())
    is_open = ledger.recheck_is_open(asked, on=today)
    return SealedRecheck(asked.until_on, asked.answer, is_open, recheck_words(asked, on=today))


async def _openings(observation: Observation) -> list[EnvelopeOpened]:
    told = []
    for one in await sealed.openings_of(observation):
        day, offices = one.opened_on, "、".join(await sealed.offices_that_agreed(one))
        if day:
            words = f"您的身份信封已于{day.month}月{day.day}日打开，理由：{one.reason.label}。同意的单位：{offices}。"
            told.append(EnvelopeOpened(day, words))
    return told
