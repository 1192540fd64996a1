"""Photo uploads in parts over a bad connection: the tus 1.0 protocol, beside the one-shot upload (SUB-04).

The address consists of the photo's digest and length, so losing the answer to the creation costs nothing.
WeChat has no PATCH: a POST with `X-HTTP-Method-Override: PATCH` stands for one.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from server import photos
from server.kernel.refusal import NoSuchThing, Refusal
from server.people import Permission
from server.photos.reading import MAX_BYTES
from server.photos.receiving import REFUSALS
from server.photos.refusals import (
    LineTooLong,
    StorageAway,
    StorageFull,
    TooManyAtOnce,
    TooManyBytesToday,
    UploadEnded,
)
from server.photos.uploads import Coming, OffsetDiffers
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.operations import actor_of, operation
from server.web.door.problems import NoSuchMethod, TooBig

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,expiration,termination"
CHECKSUMS = {
    "sha256": hashlib.sha256,
    "sha1": hashlib.sha1,
}  # tus requires sha1, and some clients know no other
LARGEST_PART = 256 * 1024
LEAST_PART = 4 * 1024  # except the last one: each part is a file, and one-byte files would fill the disk
ADDRESS = re.compile(r"([0-9a-f]{64})-([1-9]\d{0,7})")
LASTING = (
    StorageAway,
    StorageFull,
    LineTooLong,
    TooManyAtOnce,
    TooManyBytesToday,
)  # the parts are kept: the same request may work later

blueprint = Blueprint("uploads")


class WrongTusVersion(Refusal):
    """The request does not use tus 1.0.0."""

    status = 412
    message_zh = "续传协议的版本不对。"
    hint_zh = "请升级到最新版本后再试。"


class BadUpload(Refusal):
    """An upload protocol header is missing or unreadable."""

    status = 400
    message_zh = "续传的请求不完整。"
    hint_zh = "请升级到最新版本后再试；用其他程序上传的，请附上照片的SHA-256和长度。"


class NotAPart(Refusal):
    """A part is not sent as application/offset+octet-stream."""

    status = 415
    message_zh = "续传的内容格式不对。"
    hint_zh = "请升级到最新版本后再试。"


class PartTooSmall(Refusal):
    """A part other than the last is smaller than four kilobytes."""

    status = 400
    message_zh = "照片的这一段太小，没有保存。"
    hint_zh = "请升级到最新版本后再试；用其他程序上传的，每段不少于4KB，最后一段除外。"


class ChecksumDiffers(Refusal):
    """The part does not match the checksum sent with it; nothing of it is kept."""

    status = 460  # from tus 1.0
    message_zh = "照片的这一段在传输中损坏，没有保存。"
    hint_zh = "程序会自动重传这一段，请保持程序打开。"
    retry = "same"


MALFORMED: tuple[type[Refusal], ...] = (WrongTusVersion, BadUpload)
ALL_OF_A_PART = (
    *MALFORMED,
    NotAPart,
    PartTooSmall,
    ChecksumDiffers,
    OffsetDiffers,
    UploadEnded,
    TooBig,
    *REFUSALS,
)


async def speak_tus(_: Request, response: HTTPResponse) -> None:
    """Add the tus version to every response, refusals included."""
    response.headers["Tus-Resumable"] = VERSION


blueprint.on_response(speak_tus)


@operation(
    blueprint, "OPTIONS", "/uploads", summary="续传能力", guard=public(per_minute=60), answers={204: None}
)
async def describe_uploads(_: Request) -> HTTPResponse:
    """Return which parts of tus 1.0 are supported."""
    told = {"Tus-Version": VERSION, "Tus-Max-Size": MAX_BYTES, "Tus-Extension": EXTENSIONS}
    return _answer(204, {**told, "Tus-Checksum-Algorithm": ",".join(CHECKSUMS)})


@operation(
    blueprint,
    "POST",
    "/uploads",
    summary="开始续传一张照片",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=0),
    answers={201: None},
    refusals=(*MALFORMED, TooBig, *REFUSALS),
)
async def begin_upload(request: Request) -> HTTPResponse:
    """Begin or resume an upload, given `Upload-Length` and `Upload-Metadata` with the photo's `sha256`."""
    _check_version(request)
    length, sha256 = _number(request, "upload-length", most=MAX_BYTES), _announced_digest(request)
    if not length:
        raise BadUpload
    coming = await photos.uploads.begin(actor_of(request), sha256=sha256, length=length, **_now(request))
    coming = await _kept_if_whole(request, coming, sha256=sha256)
    return _answer(201, {"Location": f"/api/v1/uploads/{sha256}-{length}"} | _told(coming))


@operation(
    blueprint,
    "HEAD",
    "/uploads/<address:str>",
    summary="照片续传到哪里",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=0),
    answers={200: None},
    refusals=(WrongTusVersion, UploadEnded, *REFUSALS),
)
async def see_upload(request: Request, address: str) -> HTTPResponse:
    """Return in `Upload-Offset` how many bytes are stored safely; send the parts from there on."""
    _check_version(request)
    coming, sha256 = await _found(request, address)
    coming = await _kept_if_whole(request, coming, sha256=sha256)
    return _answer(200, _told(coming) | {"Upload-Length": coming.upload.length})


@operation(
    blueprint,
    "PATCH",
    "/uploads/<address:str>",
    summary="续传一段",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=LARGEST_PART),
    answers={204: None},
    refusals=ALL_OF_A_PART,
)
async def add_part(request: Request, address: str) -> HTTPResponse:
    """Add a part of at most 256 KiB at `Upload-Offset`; 204 means it is on disk. The last part completes the photo."""
    return await _add(request, address)


@operation(
    blueprint,
    "POST",
    "/uploads/<address:str>",
    summary="续传一段（没有PATCH的客户端）",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=LARGEST_PART),
    answers={204: None},
    refusals=(NoSuchMethod, *ALL_OF_A_PART),
)
async def add_part_by_post(request: Request, address: str) -> HTTPResponse:
    """Do the same as PATCH, for clients that lack it and send `X-HTTP-Method-Override`."""
    if request.headers.get("x-http-method-override", "").upper() != "PATCH":
        raise NoSuchMethod
    return await _add(request, address)


@operation(
    blueprint,
    "DELETE",
    "/uploads/<address:str>",
    summary="放弃续传",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=0),
    answers={204: None},
    refusals=(WrongTusVersion, UploadEnded),
)
async def drop_upload(request: Request, address: str) -> HTTPResponse:
    """Discard an upload and its parts; a complete photo stays with its report."""
    _check_version(request)
    coming, _ = await _found(request, address)
    await photos.uploads.give_up(coming)
    return _answer(204, {})


async def _add(request: Request, address: str) -> HTTPResponse:
    _check_version(request)
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise NotAPart
    coming, sha256 = await _found(request, address)
    if _number(request, "upload-offset", most=MAX_BYTES) != coming.offset:
        raise OffsetDiffers
    if len(request.body) > coming.upload.length - coming.offset:
        raise TooBig
    if 0 < len(request.body) < min(LEAST_PART, coming.upload.length - coming.offset):
        raise PartTooSmall
    _check_sum(request)
    if request.body:
        coming = await photos.uploads.add(coming, request.body)
    return _answer(204, _told(await _kept_if_whole(request, coming, sha256=sha256)))


async def _kept_if_whole(request: Request, coming: Coming, *, sha256: str) -> Coming:
    """Store the photo once its last part is here, also after a crash between the two."""
    if not coming.is_whole or coming.upload.finished:
        return coming
    try:
        await photos.receive(
            coming.parts.pieces(),
            sha256=sha256,
            size=coming.upload.length,
            by=actor_of(request),
            **_now(request),
        )
    except LASTING:
        raise
    except Refusal:
        await photos.uploads.give_up(coming)
        raise
    await photos.uploads.finish(coming)
    return coming


async def _found(request: Request, address: str) -> tuple[Coming, str]:
    match = ADDRESS.fullmatch(address)
    if not match or int(match[2]) > MAX_BYTES:
        raise NoSuchThing
    found = await photos.uploads.find(
        actor_of(request), sha256=match[1], length=int(match[2]), **_now(request)
    )
    return found, match[1]


def _now(request: Request) -> dict[str, Any]:
    tools = tools_of(request)
    return {"now": tools.clock.now(), "tools": tools}


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise WrongTusVersion


def _number(request: Request, header: str, *, most: int) -> int:
    raw = request.headers.get(header, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 16):
        raise BadUpload
    if int(raw) > most:
        raise TooBig
    return int(raw)


def _announced_digest(request: Request) -> str:
    """Return the photo's SHA-256 from `Upload-Metadata: sha256 <base64 of its hex digits>,…`. Raises BadUpload."""
    for pair in request.headers.get("upload-metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        if name == "sha256":
            try:
                digest = base64.b64decode(value, validate=True).decode()
            except ValueError as error:
                raise BadUpload from error
            if re.fullmatch("[0-9a-f]{64}", digest):
                return digest
    raise BadUpload


def _check_sum(request: Request) -> None:
    """Check a part against its checksum. Raises ChecksumDiffers, or BadUpload for an unsupported algorithm."""
    told = request.headers.get("upload-checksum")
    if told is None:
        return
    algorithm, _, expected = told.partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadUpload
    actual = base64.b64encode(CHECKSUMS[algorithm](request.body).digest())
    if not hmac.compare_digest(actual, expected.encode(errors="replace")):
        raise ChecksumDiffers


def _told(coming: Coming) -> dict[str, Any]:
    expires = format_datetime(coming.upload.expires_at.astimezone(UTC), usegmt=True)
    return {"Upload-Offset": coming.offset, "Upload-Expires": expires}


def _answer(status: int, headers: dict[str, Any]) -> HTTPResponse:
    told = {name: str(value) for name, value in headers.items()}
    return HTTPResponse(
        status=status, headers={"Cache-Control": "no-store", **told}, content_type="text/plain"
    )
