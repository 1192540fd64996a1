"""The control API at `/_control`: orders codes, credits, verdicts and faults, and shows results."""

from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from sanic import BadRequest, Blueprint, HTTPResponse, Request, json

from server.fake_wechat.checks import Rule
from server.fake_wechat.faults import Fault
from server.fake_wechat.world import World

T = TypeVar("T")
blueprint = Blueprint("control", url_prefix="/_control")


class CodeOrder(Struct, forbid_unknown_fields=True):
    """A code for signing in as `openid`, for `phone`, or one that is refused with `errcode`."""

    openid: str = ""
    unionid: str | None = None
    phone: str = ""
    errcode: int = 0


class Grant(Struct, forbid_unknown_fields=True):
    openid: str
    template: str
    count: Annotated[int, Meta(ge=1)] = 1


class Follower(Struct, forbid_unknown_fields=True):
    """`openid` follows the service account; the person behind it has `unionid`."""

    openid: str
    unionid: str


class RuleOrder(Struct, forbid_unknown_fields=True):
    contains: str
    suggest: Literal["pass", "review", "risky"]
    label: int = 20001


class Absence(Struct, forbid_unknown_fields=True):
    """WeChat has not seen `openid` for two hours, until the next sign-in."""

    openid: str


class CallbackOrder(Struct, forbid_unknown_fields=True):
    url: str | None = None
    format: Literal["json", "xml"] = "json"


@blueprint.post("/reset")
async def reset(request: Request) -> HTTPResponse:
    _world(request).forget()
    return json({})


@blueprint.get("/calls")
async def calls(request: Request) -> HTTPResponse:
    return json(dict(_world(request).calls))


@blueprint.post("/faults")
async def order_fault(request: Request) -> HTTPResponse:
    _world(request).faults.order(_read(request, Fault))
    return json({})


@blueprint.post("/codes")
async def make_code(request: Request) -> HTTPResponse:
    order = _read(request, CodeOrder)
    return json({"code": _world(request).codes.make(**msgspec.structs.asdict(order))})


@blueprint.post("/tokens/expire")
async def expire_tokens(request: Request) -> HTTPResponse:
    _world(request).tokens.expire_all()
    return json({})


@blueprint.get("/messages")
async def messages(request: Request) -> HTTPResponse:
    return json(_world(request).messages.accepted)


@blueprint.get("/notices")
async def notices(request: Request) -> HTTPResponse:
    return json(_world(request).messages.notices)


@blueprint.get("/texts")
async def texts(request: Request) -> HTTPResponse:
    return json(_world(request).messages.texts)


@blueprint.post("/followers")
async def follow(request: Request) -> HTTPResponse:
    order = _read(request, Follower)
    _world(request).messages.followers[order.openid] = order.unionid
    return json({})


@blueprint.post("/credits")
async def grant(request: Request) -> HTTPResponse:
    order = _read(request, Grant)
    _world(request).messages.grant(order.openid, order.template, order.count)
    return json({})


@blueprint.post("/quota/<sends:int>")
async def set_quota(request: Request, sends: int) -> HTTPResponse:
    _world(request).messages.quota = sends
    return json({})


@blueprint.post("/verdicts/<what:text|picture>")
async def judge(request: Request, what: str) -> HTTPResponse:
    order, checks = _read(request, RuleOrder), _world(request).checks
    rules = checks.texts if what == "text" else checks.links
    rules.insert(0, Rule(order.contains, order.suggest, order.label))
    return json({})


@blueprint.post("/absent")
async def send_away(request: Request) -> HTTPResponse:
    _world(request).checks.absent.add(_read(request, Absence).openid)
    return json({})


@blueprint.get("/pictures")
async def pictures(request: Request) -> HTTPResponse:
    return json([asdict(picture) for picture in _world(request).checks.pictures])


@blueprint.post("/callbacks")
async def set_callback(request: Request) -> HTTPResponse:
    order, callbacks = _read(request, CallbackOrder), _world(request).callbacks
    callbacks.url, callbacks.format = order.url, order.format
    return json({})


@blueprint.post("/callbacks/verify")
async def verify_callback(request: Request) -> HTTPResponse:
    return json({"is_verified": await _world(request).callbacks.verify()})


@blueprint.post("/callbacks/fire")
async def fire_callbacks(request: Request) -> HTTPResponse:
    return json(await _world(request).tell_now())


@blueprint.post("/callbacks/push")
async def push_event(request: Request) -> HTTPResponse:
    return json({"status": await _world(request).callbacks.push(_read(request, dict[str, Any]))})


def _world(request: Request) -> World:
    world: World = request.app.ctx.world
    return world


def _read(request: Request, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.DecodeError as error:
        raise BadRequest(str(error)) from error
