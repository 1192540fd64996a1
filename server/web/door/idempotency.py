"""Once: a deed that carries a key is done one time, and a retry gets the answer of the first (reliability R4.2)."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sanic import HTTPResponse, Request
from tortoise import connections

from models import IdempotencyKey
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.web.door.admission import tools_of
from server.web.door.problems import Malformed

HEADER = "idempotency-key"
KEY = re.compile(r"[!-~]{8,80}")

# The row's key decides who was first; a parallel retry waits here until the first has committed.
CLAIM = """
INSERT INTO idempotency_key (scope, print, answer_sealed, made_on) VALUES ($1, $2, '', $3)
ON CONFLICT (scope) DO NOTHING RETURNING scope
"""
KEPT_FOR = timedelta(days=7)


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
    if not KEY.fullmatch(key):
        raise KeyMissing
    actor: Actor = request.ctx.actor
    return await _once(request, do, key=key, person_id=actor.person.id)


async def forget_answers(*, now: datetime) -> None:
    """Answers are kept for seven whole days; a phone that still asks after these finds the thing itself changed."""
    await IdempotencyKey.filter(made_on__lt=business_date(now) - KEPT_FOR).delete()


async def reseal_answers(keys: KeyRing) -> int:
    """Seal what is kept under the current master key; returns how many were not."""
    changed = 0
    for kept in await IdempotencyKey.all():
        sealed = keys.reseal(kept.answer_sealed, bound_to=_place(kept.scope))
        changed += (
            await IdempotencyKey.filter(scope=kept.scope, answer_sealed=kept.answer_sealed)
            .exclude(answer_sealed=sealed)
            .update(answer_sealed=sealed)
        )
    return changed


@unit_of_work
async def _once(
    request: Request, do: Callable[[], Awaitable[HTTPResponse]], *, key: str, person_id: UUID
) -> HTTPResponse:
    tools = tools_of(request)
    scope = tools.keys.lookup(f"{person_id} {request.method} {request.path} {key}", kind="once")
    fingerprint = tools.keys.lookup(f"{scope} {sha256(request.body).hexdigest()}", kind="once_print")
    claimed = await connections.get("default").execute_query_dict(
        CLAIM, [scope, fingerprint, business_date(tools.clock.now())]
    )
    if not claimed:
        return await _again(scope, fingerprint, keys=tools.keys)
    response = await do()
    told = f"{response.status} {(response.body or b'').decode()}"
    sealed = tools.keys.seal(told, bound_to=_place(scope))
    await IdempotencyKey.filter(scope=scope).update(answer_sealed=sealed)
    return response


async def _again(scope: str, fingerprint: str, *, keys: KeyRing) -> HTTPResponse:
    kept = await IdempotencyKey.get(scope=scope)
    if kept.print != fingerprint:
        raise KeyReused
    status, _, body = keys.unseal(kept.answer_sealed, bound_to=_place(scope)).partition(" ")
    headers = {"Cache-Control": "no-store"}
    return HTTPResponse(body, status=int(status), headers=headers, content_type="application/json")


def _place(scope: str) -> str:
    return f"idempotency_key:{scope}"
