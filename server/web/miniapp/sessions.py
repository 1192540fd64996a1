"""Signing in from the mini-program, and the signed-in person."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import SessionChannel
from server import people, sealed
from server.gateways.wechat import CodeRefused, RiskyAccount, WeChatError
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.notifications import inbox
from server.people.joining import AlreadyJoined, IdentityTaken, InvitationUnknown
from server.people.sessions import Actor
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.people_cards import Me, SignedIn, duty_cards, person_card

blueprint = Blueprint("sessions")


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The code from wx.login; roles never come from the phone."""

    code: Annotated[str, Meta(min_length=1, max_length=200)]


class AcceptInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation code, as typed or scanned."""

    code: Annotated[str, Meta(min_length=6, max_length=40)]


class LoginCodeRefused(Refusal):
    """WeChat doesn't know the code, or it was used before."""

    status = 401
    message_zh = "微信登录没有成功。"
    hint_zh = "请退出小程序重新打开再试。"
    retry = "later"


class AccountAtRisk(Refusal):
    """WeChat blocks this account as risky (40226)."""

    status = 403
    message_zh = "微信提示这个账号存在风险，暂时不能登录。"
    hint_zh = "请先在微信里解除限制；急事请直接拨打改革办电话。"


class WeChatAway(Refusal):
    """WeChat can't be reached at this moment."""

    status = 503
    message_zh = "暂时连不上微信，没有登录成功。"
    hint_zh = "请过一会儿再试，草稿仍保存在手机上。"
    retry = "later"


@operation(
    blueprint,
    "POST",
    "/sessions",
    summary="用微信登录",
    guard=public(per_minute=60),
    body=SignIn,
    answers={201: SignedIn},
    refusals=(LoginCodeRefused, AccountAtRisk, WeChatAway),
)
async def sign_in(request: Request, command: SignIn) -> HTTPResponse:
    """Open a session with the one-time code from wx.login; on a first visit a citizen account is created."""
    tools = tools_of(request)
    try:
        account = await tools.wechat.sign_in(command.code)
    except CodeRefused as error:
        raise LoginCodeRefused from error
    except RiskyAccount as error:
        raise AccountAtRisk from error
    except WeChatError as error:
        raise WeChatAway from error
    now = tools.clock.now()
    device = request.headers.get("user-agent", "")
    token, person = await people.by_wechat(account.openid, keys=tools.keys, now=now, device=device)
    if account.unionid and tools.service_account:
        await people.note_unionid(person, account.unionid, keys=tools.keys, on=business_date(now))
    return await _signed_in(request, token, now=now)


@operation(
    blueprint,
    "POST",
    "/invitations/acceptance",
    summary="凭邀请码加入",
    guard=phone(per_minute=10),
    body=AcceptInvitation,
    answers={201: SignedIn},
    refusals=(InvitationUnknown, IdentityTaken, AlreadyJoined),
)
async def accept_invitation(request: Request, command: AcceptInvitation) -> HTTPResponse:
    """Become the person on the roster to whom an invitation is bound; the answer holds the new session."""
    tools = tools_of(request)
    now = tools.clock.now()
    token, _ = await people.accept(command.code, by=actor_of(request), keys=tools.keys, now=now)
    return await _signed_in(request, token, now=now)


@operation(blueprint, "GET", "/me", summary="我是谁", guard=phone(), answers={200: Me})
async def me(request: Request) -> HTTPResponse:
    """Return the signed-in person, today's duties and the number of unread messages."""
    actor, tools = actor_of(request), tools_of(request)
    card = person_card(actor.person, actor.duties)
    unread = await inbox.unread_of(actor, keys=tools.keys)
    return answer(Me(card, card.duties, unread, tools.clock.now()))


@operation(blueprint, "DELETE", "/sessions/current", summary="退出登录", guard=phone(), answers={204: None})
async def sign_out(request: Request) -> HTTPResponse:
    """End this session; the token is refused from the next request on."""
    await people.revoke(actor_of(request).session_id, now=tools_of(request).clock.now())
    return answer(status=204)


async def _signed_in(request: Request, token: str, *, now: datetime) -> HTTPResponse:
    actor: Actor = await people.admit(token, channel=SessionChannel.PHONE, now=now)
    card = person_card(actor.person, actor.duties)
    tickets = await sealed.todays_tickets(actor, keys=tools_of(request).keys, now=now)
    return answer(SignedIn(token, card, duty_cards(actor.duties), now, tickets), status=201)
