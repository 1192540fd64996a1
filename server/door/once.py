"""Once: a deed that carries a key is done one time, and a retry gets the answer of the first (reliability R4.2)."""

import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from sanic import HTTPResponse, Request
from tortoise import connections

from models import IdempotencyKey
from server.door.arriving import tools_of
from server.door.problems import Malformed
from server.people import Visitor
from server.refusal import Refusal
from server.work import deed

HEADER = "idempotency-key"
LONGEST = 80

# The row's unique key decides who was first; a parallel retry waits here until the first has committed.
CLAIM = """
INSERT INTO idempotency_key (id, person_id, route, key, fingerprint, answer, made_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, '', $5)
ON CONFLICT (person_id, route, key) DO NOTHING RETURNING id
"""


class KeyMissing(Malformed):
    """The deed came without an Idempotency-Key, or with an unusable one."""

    message_zh = "这个操作缺少防重复编号。"
    hint_zh = "请升级到最新版本后再操作。"


class KeyReused(Refusal):
    """The same key came with another body."""

    status = 422
    message_zh = "这个操作已经提交过，但内容不一样。"
    hint_zh = "请刷新页面，确认是否已经办理，再重新填写。"


async def once(request: Request, do: Callable[[], Awaitable[HTTPResponse]]) -> HTTPResponse:
    """Do a deed under the request's key, in one transaction with the key; refusals are not remembered."""
    key = request.headers.get(HEADER, "")
    if not 8 <= len(key) <= LONGEST or not key.isascii():
        raise KeyMissing
    visitor: Visitor = request.ctx.visitor
    return await _once(request, do, key=key, person_id=visitor.person.id)


@deed
async def _once(
    request: Request, do: Callable[[], Awaitable[HTTPResponse]], *, key: str, person_id: UUID
) -> HTTPResponse:
    route = f"{request.method} {request.path}"
    fingerprint = hashlib.sha256(request.body).hexdigest()
    now = tools_of(request).clock.now()
    claimed = await connections.get("default").execute_query_dict(
        CLAIM, [person_id, route[:120], key, fingerprint, now]
    )
    if not claimed:
        return await _again(person_id, route[:120], key, fingerprint=fingerprint)
    response = await do()
    body = (response.body or b"").decode()
    await IdempotencyKey.filter(id=claimed[0]["id"]).update(answer=f"{response.status} {body}")
    return response


async def _again(person_id: UUID, route: str, key: str, *, fingerprint: str) -> HTTPResponse:
    kept = await IdempotencyKey.get(person_id=person_id, route=route, key=key)
    if kept.fingerprint != fingerprint:
        raise KeyReused
    status, _, body = kept.answer.partition(" ")
    headers = {"Cache-Control": "no-store"}
    return HTTPResponse(body, status=int(status), headers=headers, content_type="application/json")
