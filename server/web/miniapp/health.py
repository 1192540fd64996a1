"""Health checks for operators, and the OpenAPI document."""

import asyncio

import msgspec
from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request
from tortoise import connections

from server.journal import anchoring
from server.kernel.refusal import Refusal
from server.web.door.admission import tools_of
from server.web.door.guards import public
from server.web.door.openapi import describe, operations_of
from server.web.door.operations import answer, operation

blueprint = Blueprint("health")
WAIT_SECONDS = 0.4
LEAST_FREE_BYTES = 200 * 1024 * 1024
OFTEN = public(per_minute=6000)


class Alive(Struct):
    """The event loop is running."""

    alive: bool


class Ready(Struct):
    """The database responds and the disk has room."""

    ready: bool
    database_ms: float
    free_bytes: int
    anchor_seconds: int | None  # the age of the newest ledger anchor; null: there is none


class NotReady(Refusal):
    """This process can't serve requests now; send them to another."""

    status = 503
    message_zh = "服务正在恢复。"
    hint_zh = "请稍后再试。"
    retry = "same"


@operation(blueprint, "GET", "/live", summary="存活检查", guard=OFTEN, answers={200: Alive})
async def live(_: Request) -> HTTPResponse:
    """Tell whether the process is running at all."""
    return answer(Alive(True))


@operation(
    blueprint, "GET", "/ready", summary="就绪检查", guard=OFTEN, answers={200: Ready}, refusals=(NotReady,)
)
async def ready(request: Request) -> HTTPResponse:
    """Check that the database responds, a connection is free at once and the disk has room."""
    database = connections.get("default")
    if database.watch.is_late:
        raise NotReady
    try:
        async with asyncio.timeout(WAIT_SECONDS), database.acquire_connection():
            pass  # the watch queries the server itself
    except Exception as error:  # whatever the error, this process is not ready
        raise NotReady from error
    tools = tools_of(request)
    free = tools.storage.free_bytes()
    if free < LEAST_FREE_BYTES:
        raise NotReady("服务器磁盘空间不足。")
    age = anchoring.age_seconds(tools.settings)
    return answer(Ready(True, round(database.watch.round_trip_ms, 1), free, age))


@operation(
    blueprint,
    "GET",
    "/api/openapi.json",
    summary="接口文档",
    guard=OFTEN,
    answers={200: "application/json"},
)
async def openapi(request: Request) -> HTTPResponse:
    """Return this document (OpenAPI 3.1)."""
    document = describe(operations_of(request.app), title="督察通", version="1")
    return HTTPResponse(msgspec.json.encode(document), content_type="application/json")
