"""The inbox on phones."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import inbox
from server.door.arriving import tools_of
from server.door.guards import phone
from server.door.operations import answer, operation, visitor_of
from server.miniapp.cards import InboxLine, InboxPage, inbox_line

blueprint = Blueprint("inbox")


class InboxList(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of the inbox; `cursor` is the one of the page before."""

    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    cursor: Annotated[datetime, Meta(tz=True)] | None = None


class ReadUntil(Struct, frozen=True, forbid_unknown_fields=True):
    """The time of the newest message that was on the screen."""

    until: Annotated[datetime, Meta(tz=True)]


@operation(
    blueprint,
    "GET",
    "/inbox",
    summary="站内信",
    guard=phone(),
    query=InboxList,
    answers={200: InboxPage},
)
async def list_inbox(request: Request, query: InboxList) -> HTTPResponse:
    """One's own messages, newest first, and how many are unread."""
    visitor = visitor_of(request)
    found = await inbox.messages_of(visitor, before=query.cursor, limit=query.limit)
    cursor = found[-1].created_at.isoformat() if len(found) == query.limit else None
    return answer(InboxPage([inbox_line(one) for one in found], await inbox.unread_of(visitor), cursor))


@operation(
    blueprint,
    "PUT",
    "/inbox/<message_id:uuid>/reading",
    summary="标为已读",
    guard=phone(),
    answers={200: InboxLine},
)
async def read_message(request: Request, message_id: UUID) -> HTTPResponse:
    """Note that a message was read; again changes nothing."""
    now = tools_of(request).clock.now()
    return answer(inbox_line(await inbox.mark_read(visitor_of(request), message_id, now=now)))


@operation(
    blueprint,
    "PUT",
    "/inbox/reading",
    summary="全部标为已读",
    guard=phone(),
    body=ReadUntil,
    answers={200: InboxPage},
)
async def read_all_messages(request: Request, command: ReadUntil) -> HTTPResponse:
    """Note that everything up to a moment was read; the answer is the newest page."""
    visitor = visitor_of(request)
    await inbox.mark_all_read(visitor, until=command.until, now=tools_of(request).clock.now())
    found = await inbox.messages_of(visitor, before=None, limit=20)
    cursor = found[-1].created_at.isoformat() if len(found) == 20 else None
    return answer(InboxPage([inbox_line(one) for one in found], await inbox.unread_of(visitor), cursor))
