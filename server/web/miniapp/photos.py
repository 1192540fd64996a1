"""Photo uploads from phones and links to renditions; every action uses the same photo protocol."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Rendition, Session
from server import moderation, photos
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.people import Permission
from server.photos.reading import MAX_BYTES
from server.photos.receiving import REFUSALS
from server.photos.refusals import LinkEnded
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.operations import actor_of, answer, operation
from server.web.door.uploading import one_file
from server.web.miniapp.cards import PhotoKept

blueprint = Blueprint("photos")


class SealedLink(Struct, frozen=True, forbid_unknown_fields=True):
    """The sealed part of a link: whom it is for and when it expires."""

    to: Annotated[str, Meta(min_length=40, max_length=240)]


class ForReport(Struct, frozen=True, forbid_unknown_fields=True):
    """The client id of the report the photo belongs to; without it, each report of the sender that lists it gets it."""

    report: UUID | None = None


@operation(
    blueprint,
    "POST",
    "/photos/<sha256:digest>",
    summary="上传一张照片",
    guard=phone(Permission.SEND_PHOTOS, max_bytes=None),
    query=ForReport,
    upload="file",
    answers={201: PhotoKept, 200: PhotoKept},
    refusals=REFUSALS,
)
async def keep_photo(request: Request, query: ForReport, sha256: str) -> HTTPResponse:
    """Upload one photo, before or after the report that lists it; its bytes must match the SHA-256 in the address.

    201 or 200 means that it is committed and flushed to disk. A photo sent again does not count against any limit.
    """
    size = min(MAX_BYTES, int(request.headers.get("content-length", MAX_BYTES)))
    pieces = one_file(request, "file", max_bytes=MAX_BYTES)
    tools, sender = tools_of(request), actor_of(request)
    done = await photos.receive(
        pieces,
        sha256=sha256,
        size=size,
        called=query.report,
        by=sender,
        now=tools.clock.now(),
        tools=tools,
    )
    card = PhotoKept(done.photo.sha256, done.photo.bytes, done.missing_in)
    return answer(card, status=201 if done.is_new else 200)


@operation(
    blueprint,
    "GET",
    "/renditions/<rendition_id:uuid>",
    summary="查看照片",
    guard=public(per_minute=600),
    query=SealedLink,
    answers={200: "image/jpeg"},
    refusals=(LinkEnded,),
)
async def see_rendition(request: Request, query: SealedLink, rendition_id: UUID) -> HTTPResponse:
    """Return a rendition by its sealed link, for the person it was made for, while they are signed in."""
    tools = tools_of(request)
    now = tools.clock.now()
    person_id = photos.person_of_link(rendition_id, query.to, now=now, keys=tools.keys)
    signed_in = Session.filter(person_id=person_id, revoked_at=None, ends_at__gt=now, person__is_active=True)
    if not await signed_in.exists():
        raise LinkEnded
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None).select_related("photo")
    if rendition is None:
        raise NoSuchThing
    if not await moderation.may_see(rendition, person_id=person_id, on=business_date(now)):
        raise LinkEnded
    picture = await tools.storage.read(rendition.key)
    headers = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
    return HTTPResponse(picture, headers=headers, content_type="image/jpeg")
