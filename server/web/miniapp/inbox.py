"""The inbox on phones."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server.notifications import inbox
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.cards import InboxLine, InboxPage, inbox_line

blueprint = Blueprint("inbox")


class InboxList(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of the inbox to return; `cursor` comes from the previous page."""

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
    """Return the person's messages, newest first, and how many are unread."""
    return answer(await _page(request, before=query.cursor, limit=query.limit))


@operation(
    blueprint,
    "PUT",
    "/inbox/<message_id:uuid>/reading",
    summary="标为已读",
    guard=phone(),
    answers={200: InboxLine},
)
async def read_message(request: Request, message_id: UUID) -> HTTPResponse:
    """Mark a message as read; repeating it changes nothing."""
    tools = tools_of(request)
    now = tools.clock.now()
    return answer(inbox_line(await inbox.mark_read(actor_of(request), message_id, now=now, keys=tools.keys)))


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
    """Mark all messages up to a given time as read, and return the newest page."""
    tools = tools_of(request)
    now = tools.clock.now()
    await inbox.mark_all_read(actor_of(request), until=command.until, now=now, keys=tools.keys)
    return answer(await _page(request, before=None, limit=20))


async def _page(request: Request, *, before: datetime | None, limit: int) -> InboxPage:
    actor, keys = actor_of(request), tools_of(request).keys
    found = await inbox.messages_of(actor, before=before, limit=limit, keys=keys)
    cursor = found[-1].created_at.isoformat() if len(found) >= limit else None
    unread = await inbox.unread_of(actor, keys=keys)
    return InboxPage([inbox_line(one) for one in found], unread, cursor)
