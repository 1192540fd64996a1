"""Endpoints for WeChat itself: its pushes, and the pictures it is asked to check."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import structlog
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import text

from server import moderation
from server.gateways.wechat import (
    CallbackForged,
    CallbackRepeated,
    read_picture_verdict,
    read_subscription_changes,
)
from server.kernel.refusal import Refusal
from server.notifications import channels, subscriptions
from server.photos.refusals import LinkEnded
from server.web.door.admission import tools_of
from server.web.door.guards import public
from server.web.door.operations import operation

blueprint = Blueprint("wechat")
pictures = Blueprint("checked_pictures")
OFTEN = public(per_minute=6000)  # all pushes come from a few addresses
HEARD = "success"

log = structlog.get_logger(__name__)


class AskedLink(Struct, frozen=True, forbid_unknown_fields=True):
    """The expiry and seal of a link made for one WeChat check."""

    until: Annotated[int, Meta(ge=0, le=2**40)]
    seal: Annotated[str, Meta(min_length=40, max_length=40)]


class NotFromWeChat(Refusal):
    """The push was not sealed by WeChat for this mini-program within the last five minutes; it changes nothing."""

    status = 400
    message_zh = "这不是微信发来的消息。"
    hint_zh = "如果确实来自微信，请检查消息推送的令牌、密钥和安全模式是否与本系统的设置一致。"


@operation(
    blueprint,
    "GET",
    "/wechat/callback",
    summary="微信验证推送地址",
    guard=OFTEN,
    answers={200: "text/plain"},
    refusals=(NotFromWeChat,),
)
async def prove_address(request: Request) -> HTTPResponse:
    """Return the echo that WeChat expects when this address is registered for its pushes."""
    try:
        return _plain(tools_of(request).wechat.echo(_query(request)))
    except CallbackForged as error:
        raise NotFromWeChat from error


@operation(
    blueprint,
    "POST",
    "/wechat/callback",
    summary="微信推送",
    guard=OFTEN,
    answers={200: "text/plain"},
    refusals=(NotFromWeChat,),
)
async def hear_push(request: Request) -> HTTPResponse:
    """Receive a push from WeChat, in its encrypted mode only; a repeated push is answered and changes nothing."""
    tools, query = tools_of(request), _query(request)
    wechat, now = tools.wechat, tools.clock.now()
    try:
        event = await wechat.open_callback(query, request.body)
    except CallbackRepeated:
        return _plain(HEARD)
    except CallbackForged as error:
        log.warning("push_refused", why=str(error))
        raise NotFromWeChat from error
    try:
        if told := read_picture_verdict(event):
            await moderation.hear(told, now=now)
        changes = read_subscription_changes(event)
        await subscriptions.hear(changes, keys=tools.keys, now=now)
        await channels.hear(changes, keys=tools.keys, now=now)
    except BaseException:  # not recorded, so WeChat's next attempt must be let in
        await wechat.forget_callback(query)
        raise
    return _plain(HEARD)


@operation(
    pictures,
    "GET",
    "/checks/pictures/<check_id:uuid>",
    summary="供微信检查的照片",
    guard=OFTEN,
    query=AskedLink,
    answers={200: "image/jpeg"},
    refusals=(LinkEnded,),
)
async def show_to_wechat(request: Request, query: AskedLink, check_id: UUID) -> HTTPResponse:
    """Return a photo without metadata while its check is under way: a few times, for at most 40 minutes."""
    tools = tools_of(request)
    rendition = await moderation.fetch_picture(
        check_id, until=query.until, seal=query.seal, now=tools.clock.now(), key=tools.settings.link_key
    )
    picture = await tools.storage.read(rendition.key)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HTTPResponse(picture, headers=headers, content_type="image/jpeg")


def _query(request: Request) -> Mapping[str, str]:
    return dict(request.query_args)


def _plain(words: str) -> HTTPResponse:
    return text(words, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
