"""The signed-in person's account: profile, consent, message subscriptions, personal data and account closure."""

import base64
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Role
from server import own_data
from server.gateways.images import NotAPicture, RenderingFailed
from server.kernel.clock import business_date
from server.notifications import subscriptions
from server.notifications.subscriptions import Moment, Outcome
from server.people import leaving, profiles
from server.photos.refusals import NotAPhoto
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.door.uploading import one_file
from server.web.miniapp.people_cards import DutyCard, duty_cards

blueprint = Blueprint("account")
AVATAR_BYTES = 2 * 1024 * 1024
AVATAR_PIXELS = {"avatar": 132}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ProfileCard(Struct):
    """A person's own profile; only they see their nickname and picture."""

    designation: str
    nickname: str
    avatar: str
    duties: list[DutyCard]
    joined_on: date
    agreed_to: str
    leaves_on: date | None
    may_leave: bool


class Nickname(Struct, frozen=True, forbid_unknown_fields=True):
    """A nickname; empty for none."""

    nickname: Annotated[str, Meta(max_length=20)]


class Agreement(Struct, frozen=True, forbid_unknown_fields=True):
    """The version of the privacy guideline that was on the screen."""

    version: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[\w.-]+$")]


class AtTap(Struct, frozen=True, forbid_unknown_fields=True):
    """The tap at which the phone is about to ask for subscriptions."""

    moment: Moment


class Templates(Struct):
    """The template ids to request at this tap; if empty, don't ask."""

    templates: list[str]


class Outcomes(Struct, frozen=True, forbid_unknown_fields=True):
    """The subscription results that WeChat gave the phone."""

    outcomes: Annotated[list[Outcome], Meta(min_length=1, max_length=5)]


class Noted(Done):
    """A result with nothing to return."""

    async def answered(self, _: Request) -> HTTPResponse:
        """Return 204."""
        return answer(status=204)


class OwnData(Struct):
    """What the office holds about a person, for how long, and what remains after they leave."""

    reports: int
    photos: int
    messages: int
    devices: int
    kept_words: list[str]
    profile: ProfileCard


KEPT_WORDS = [
    "上报的文字、照片和位置：用来核实和办理您反映的问题。",
    "昵称、头像：只给您自己看，随时可以删除。",
    "登录记录：用来发现别人冒用您的账号。",
    "注销以后：没有处理的上报会撤回；已经挂号的事项按工作档案保存，但不再对应到您。",
]


@operation(blueprint, "GET", "/me/profile", summary="我的资料", guard=phone(), answers={200: ProfileCard})
async def see_profile(request: Request) -> HTTPResponse:
    """Return the person's nickname, picture and the guideline version they agreed to."""
    return answer(await _profile(request))


@operation(
    blueprint,
    "PUT",
    "/me/nickname",
    summary="改昵称",
    guard=phone(),
    body=Nickname,
    answers={200: ProfileCard},
)
async def choose_nickname(request: Request, command: Nickname) -> HTTPResponse:
    """Set or clear the nickname."""
    await profiles.call_oneself(command.nickname, by=actor_of(request), keys=tools_of(request).keys)
    return answer(await _profile(request))


@operation(
    blueprint,
    "POST",
    "/me/avatar",
    summary="换头像",
    guard=phone(max_bytes=None, per_minute=10),
    upload="file",
    answers={201: ProfileCard},
    refusals=(NotAPhoto,),
)
async def choose_avatar(request: Request) -> HTTPResponse:
    """Set the profile picture; it is scaled down and stripped of all camera metadata."""
    tools, actor = tools_of(request), actor_of(request)
    picture = b"".join([piece async for piece in one_file(request, "file", max_bytes=AVATAR_BYTES)])
    try:
        developed = await tools.renderer.render(picture, sizes=AVATAR_PIXELS)
    except (NotAPicture, RenderingFailed) as error:
        raise NotAPhoto from error
    small = base64.b64encode(developed.renditions[0].data).decode()
    await profiles.show_oneself(small, by=actor, keys=tools.keys)
    return answer(await _profile(request), status=201)


@operation(blueprint, "DELETE", "/me/avatar", summary="删除头像", guard=phone(), answers={200: ProfileCard})
async def remove_avatar(request: Request) -> HTTPResponse:
    """Delete the profile picture."""
    await profiles.show_oneself("", by=actor_of(request), keys=tools_of(request).keys)
    return answer(await _profile(request))


@operation(
    blueprint,
    "PUT",
    "/me/consent",
    summary="同意隐私保护指引",
    guard=phone(),
    body=Agreement,
    answers={200: ProfileCard},
)
async def agree(request: Request, command: Agreement) -> HTTPResponse:
    """Record that the person agreed to this version of the guideline, and when; repeating it changes nothing."""
    now = tools_of(request).clock.now()
    await profiles.agree(command.version, by=actor_of(request), now=now)
    return answer(await _profile(request))


@operation(
    blueprint,
    "GET",
    "/subscription-templates",
    summary="现在请求哪些订阅消息",
    guard=phone(),
    query=AtTap,
    answers={200: Templates},
)
async def see_templates(request: Request, query: AtTap) -> HTTPResponse:
    """Return at most three templates, those whose messages this person will need next."""
    tools = tools_of(request)
    templates = tools.settings.wechat_templates
    now = tools.clock.now()
    asked = await subscriptions.asked_now(actor_of(request), query.moment, templates=templates, now=now)
    return answer(Templates(asked))


@operation(
    blueprint,
    "POST",
    "/subscription-outcomes",
    summary="登记订阅结果",
    guard=phone(),
    body=Outcomes,
    answers={204: None},
    keyed=Noted,
)
async def note_outcomes(request: Request, command: Outcomes) -> Noted:
    """Count the subscriptions the person allowed; a retry counts once."""
    tools, by = tools_of(request), actor_of(request)
    templates = tools.settings.wechat_templates
    long_term = tools.settings.wechat_long_term
    await subscriptions.note(
        command.outcomes, templates=templates, long_term=long_term, by=by, now=tools.clock.now()
    )
    return Noted()


@operation(blueprint, "GET", "/my-data", summary="我的数据", guard=phone(), answers={200: OwnData})
async def see_own_data(request: Request) -> HTTPResponse:
    """Return what the office holds about this person, why and for how long."""
    held = await own_data.holdings_of(actor_of(request), now=tools_of(request).clock.now())
    profile = await _profile(request)
    return answer(OwnData(held.reports, held.photos, held.messages, held.devices, KEPT_WORDS, profile))


@operation(
    blueprint,
    "GET",
    "/my-data/file",
    summary="导出我的数据",
    guard=phone(per_minute=6),
    answers={200: SHEET},
)
async def fetch_own_data(request: Request) -> HTTPResponse:
    """Return all data about this person as an Excel file, for them alone."""
    tools = tools_of(request)
    lines = await own_data.lines_of(actor_of(request), keys=tools.keys)
    content = await own_data.write_file(lines, now=tools.clock.now())
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote('我的数据.xlsx')}",
        "Cache-Control": "no-store",
    }
    return HTTPResponse(content, headers=headers, content_type=SHEET)


@operation(
    blueprint,
    "PUT",
    "/my-data/leaving",
    summary="撤回同意并注销",
    guard=phone(per_minute=10),
    answers={200: OwnData},
    refusals=(leaving.OnTheRoster,),
)
async def ask_to_leave(request: Request) -> HTTPResponse:
    """Withdraw consent and close the account after seven days; repeating it changes nothing."""
    await leaving.ask_to_leave(by=actor_of(request), now=tools_of(request).clock.now())
    return await see_own_data(request)


@operation(
    blueprint,
    "DELETE",
    "/my-data/leaving",
    summary="取消注销",
    guard=phone(),
    answers={200: OwnData},
    refusals=(leaving.NotLeaving,),
)
async def stay(request: Request) -> HTTPResponse:
    """Cancel the account closure within the seven days."""
    await leaving.stay(by=actor_of(request))
    return await see_own_data(request)


async def _profile(request: Request) -> ProfileCard:
    actor = actor_of(request)
    own = await profiles.profile_of(actor, keys=tools_of(request).keys)
    return ProfileCard(
        designation=actor.person.designation,
        nickname=own.nickname,
        avatar=f"data:image/jpeg;base64,{own.avatar}" if own.avatar else "",
        duties=duty_cards(actor.duties),
        joined_on=own.joined_on,
        agreed_to=own.agreed_to,
        leaves_on=_day(own.leaves_at),
        may_leave=all(duty.role is Role.CITIZEN for duty in actor.duties),
    )


def _day(instant: datetime | None) -> date | None:
    return business_date(instant) if instant else None
