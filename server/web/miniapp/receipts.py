"""Public checks by number: the status of a report by its receipt, and whether a watermark is genuine."""

import asyncio
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import observations, photos
from server.kernel.refusal import NoSuchThing
from server.kernel.text import code_form
from server.observations.tiers import TIERS
from server.photos import Box, Finding, Verdict
from server.photos.reading import MAX_BYTES
from server.photos.refusals import ManyAreChecking, NotAPhoto, PhotoTooBig
from server.web.door.admission import tools_of
from server.web.door.guards import public
from server.web.door.operations import answer, operation
from server.web.door.problems import TooSlow
from server.web.door.uploading import one_file
from server.web.miniapp.cards import PublicStatus, Step
from server.web.miniapp.checking_pictures import checking

MAX_SECONDS = 60  # WeChat cuts off an upload after that

blueprint = Blueprint("receipts")
verify_blueprint = Blueprint("verify")


class CheckMark(Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of the picture that carries the code, if known."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-fA-F]{64}$")] | None = None


class MarkChecked(Struct):
    """The result of a check: verdict, reason and next step; `differs` are areas of the picture that was sent."""

    code: str
    verdict: Verdict
    words: str
    why: str
    next: str
    made_at: datetime | None
    differs: list[Box]


class AskedReceipt(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt number, as typed."""

    number: Annotated[str, Meta(min_length=1, max_length=40)]


@operation(
    blueprint,
    "POST",
    "/receipts",
    summary="凭回执号查进度",
    guard=public(per_minute=30),
    body=AskedReceipt,
    answers={200: PublicStatus},
    refusals=(NoSuchThing,),
)
async def ask_receipt(request: Request, command: AskedReceipt) -> HTTPResponse:
    """Return the steps and dates of a report without signing in, never its content; a sealed report shows none.

    The number comes in the body because proxies log addresses.
    """
    return await _status_of(command.number)


@operation(
    blueprint,
    "GET",
    "/receipts/<number:str>",
    summary="凭回执号查进度（旧）",
    guard=public(per_minute=30),
    answers={200: PublicStatus},
    deprecated=True,
)
async def see_receipt(request: Request, number: str) -> HTTPResponse:
    """Return the same for older programs, which put the number in the address; supported for a year."""
    told = await _status_of(number)
    told.headers["Sunset"] = "Sat, 27 Nov 2027 00:00:00 GMT"  # RFC 8594
    return told


async def _status_of(number: str) -> HTTPResponse:
    observation = await observations.by_receipt(number)
    if observation is None or not TIERS[observation.anonymity].found_by_server:
        raise NoSuchThing
    missing = len(await photos.missing(observation.id))
    status = PublicStatus(
        receipt_number=observation.receipt_number,
        state=observation.state,
        state_label=observation.state.label,
        words=observations.status_words(observation, missing=missing),
        steps=[Step(*step) for step in observations.steps(observation)],
    )
    return answer(status)


@operation(
    verify_blueprint,
    "GET",
    "/verify/<code:str>",
    summary="水印验真",
    guard=public(per_minute=30),
    query=CheckMark,
    answers={200: MarkChecked},
)
async def verify(request: Request, query: CheckMark, code: str) -> HTTPResponse:
    """Tell whether a watermark code is ours and the file is the one we made; browsers get a page.

    A file other than ours is undecided, because saving a picture again changes the file: send the picture to decide.
    """
    finding = await photos.verify(code, sha256=query.sha256, storage=tools_of(request).storage)
    return await _told(request, code, finding, has_picture=query.sha256 is not None)


@operation(
    verify_blueprint,
    "POST",
    "/verify/<code:str>",
    summary="照片比对",
    guard=public(per_minute=10, max_bytes=None),
    upload="file",
    answers={200: MarkChecked},
    refusals=(NotAPhoto, PhotoTooBig, ManyAreChecking, TooSlow),
)
async def check_picture(request: Request, code: str) -> HTTPResponse:
    """Tell whether a picture matches the one behind this code: identical, saved again, or altered, and where.

    The picture is compared only with the pictures of its code, and is not stored.
    """
    async with checking(tools_of(request)):
        picture = await _picture_of(request)
        finding = await photos.compare(code, picture, tools=tools_of(request))
    return await _told(request, code, finding, has_picture=True)


async def _picture_of(request: Request) -> bytes:
    picture = bytearray()
    try:
        async with asyncio.timeout(MAX_SECONDS):
            async for piece in one_file(request, "file", max_bytes=MAX_BYTES):
                picture += piece
                if len(picture) > MAX_BYTES:
                    raise PhotoTooBig
    except TimeoutError as error:
        raise TooSlow from error
    return bytes(picture)


async def _told(request: Request, code: str, finding: Finding, *, has_picture: bool) -> HTTPResponse:
    cause = finding.cause
    checked = MarkChecked(
        code=code_form(code)[:40],
        verdict=cause.verdict,
        words=cause.verdict.label,
        why=cause.why,
        next=cause.next_step,
        made_at=finding.made_at,
        differs=finding.differs,
    )
    show = getattr(request.app.ctx, "show_mark", None)
    if show is not None and "text/html" in request.headers.get("accept", ""):
        page: HTTPResponse = await show(request, checked, has_picture=has_picture)
        return page
    return answer(checked)
