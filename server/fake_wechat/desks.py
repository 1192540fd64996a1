"""WeChat's own paths, each with the answers and refusals of the real one."""

import base64
import io
import json as jsonlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import segno
from sanic import Blueprint, HTTPResponse, Request, json, raw

from server.fake_wechat.answers import No, refusal, yes
from server.fake_wechat.world import World

Desk = Callable[[World, Request], Awaitable[HTTPResponse]]
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")

blueprint = Blueprint("wechat")


def desk_at(path: str, *methods: str) -> Callable[[Desk], Desk]:
    """Register a handler at WeChat's path: calls are counted, faults played, refusals written out."""

    def put(desk: Desk) -> Desk:
        async def answer(request: Request) -> HTTPResponse:
            world: World = request.app.ctx.world
            world.calls[path] += 1
            try:
                return await world.faults.play(path, request, lambda: desk(world, request))
            except No as no:
                return json(refusal(no))

        blueprint.add_route(answer, f"/{path}", methods=methods, name=desk.__name__)
        return desk

    return put


@desk_at("sns/jscode2session", "GET", "POST")
async def sign_in(world: World, request: Request) -> HTTPResponse:
    world.tokens.check_credentials(request.args.get("appid"), request.args.get("secret"))
    who = world.codes.sign_in(request.args.get("js_code"))
    world.checks.absent.discard(who.openid)
    session_key = base64.b64encode(secrets.token_bytes(16)).decode()
    told = {"openid": who.openid, "session_key": session_key}
    return json(told | ({"unionid": who.unionid} if who.unionid else {}))


@desk_at("cgi-bin/stable_token", "POST")
async def stable_token(world: World, request: Request) -> HTTPResponse:
    asked = _body(request)
    world.tokens.check_credentials(asked.get("appid"), asked.get("secret"))
    token, seconds = world.tokens.stable(is_forced=asked.get("force_refresh") is True)
    return json({"access_token": token, "expires_in": seconds})


@desk_at("cgi-bin/token", "GET")
async def token(world: World, request: Request) -> HTTPResponse:
    world.tokens.check_credentials(request.args.get("appid"), request.args.get("secret"))
    issued, seconds = world.tokens.plain()
    return json({"access_token": issued, "expires_in": seconds})


@desk_at("wxa/business/getuserphonenumber", "POST")
async def phone_number(world: World, request: Request) -> HTTPResponse:
    asked = _asked(world, request)
    number = world.codes.phone(asked.get("code"))
    watermark = {"timestamp": 0, "appid": world.settings.appid}
    told = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86", "watermark": watermark}
    return json(yes(phone_info=told))


@desk_at("wxa/msg_sec_check", "POST")
async def check_text(world: World, request: Request) -> HTTPResponse:
    return json(yes(**world.checks.judge_text(_asked(world, request))))


@desk_at("wxa/media_check_async", "POST")
async def check_picture(world: World, request: Request) -> HTTPResponse:
    picture = world.checks.take_picture(_asked(world, request))
    world.tell_later(picture)
    return json(yes(trace_id=picture.trace_id))


@desk_at("cgi-bin/message/subscribe/send", "POST")
async def send(world: World, request: Request) -> HTTPResponse:
    return json(yes(msgid=world.messages.send(_asked(world, request))))


@desk_at("cgi-bin/message/subscribe/bizsend", "POST")
async def notify(world: World, request: Request) -> HTTPResponse:
    world.messages.notify(_asked(world, request))
    return json(yes())


@desk_at("cgi-bin/user/get", "GET")
async def followers(world: World, request: Request) -> HTTPResponse:
    world.tokens.check(request.args.get("access_token"))
    found = sorted(world.messages.followers)
    after = request.args.get("next_openid") or ""
    page = [one for one in found if one > after][:2]
    told = {"total": len(found), "count": len(page), "data": {"openid": page}} if page else {"count": 0}
    return json(told | {"next_openid": page[-1] if page else ""})


@desk_at("cgi-bin/user/info/batchget", "POST")
async def follower_infos(world: World, request: Request) -> HTTPResponse:
    asked = [str(one["openid"]) for one in _asked(world, request)["user_list"]]
    known = world.messages.followers
    return json({"user_info_list": [{"openid": one, "unionid": known[one]} for one in asked if one in known]})


@desk_at("cgi-bin/gettoken", "GET")
async def corporation_token(world: World, request: Request) -> HTTPResponse:
    world.tokens.check_credentials(request.args.get("corpid"), request.args.get("corpsecret"))
    token, seconds = world.tokens.stable(is_forced=False)
    return json(yes(access_token=token, expires_in=seconds))


@desk_at("cgi-bin/message/send", "POST")
async def send_text(world: World, request: Request) -> HTTPResponse:
    return json(yes(**world.messages.text(_asked(world, request))))


@desk_at("wxa/getwxacodeunlimit", "POST")
async def draw_code(world: World, request: Request) -> HTTPResponse:
    asked = _asked(world, request)
    scene, page = str(asked.get("scene", "")), str(asked.get("page", ""))
    if not SCENE.fullmatch(scene):
        raise No(40169)
    if page.startswith("/") or (world.settings.pages and page not in world.settings.pages):
        raise No(41030)
    picture = io.BytesIO()
    segno.make(f"{page}?scene={scene}", micro=False).save(picture, kind="png", scale=8)
    return raw(picture.getvalue(), content_type="image/png")


def _asked(world: World, request: Request) -> dict[str, Any]:
    world.tokens.check(request.args.get("access_token"))
    return _body(request)


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        raise No(44002)
    try:
        asked = jsonlib.loads(request.body)
    except ValueError as error:
        raise No(47001) from error
    if not isinstance(asked, dict):
        raise No(47001)
    return asked
