"""Idempotency: a command with a key is executed once (reliability R4.2).

The outcome is stored, not the response: the first request and every retry build their response from it after the
commit (decision 0027).
Not a library, because the key commits in the command's own transaction, which no middleware sees.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import msgspec
from sanic import Request
from tortoise import connections

from models import IdempotencyKey
from server import journal
from server.gateways.sealing import KeyRing
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.web.door.admission import tools_of
from server.web.door.problems import Malformed

D = TypeVar("D")
HEADER = "idempotency-key"
KEY = re.compile(r"[!-~]{8,80}")

# The row's key decides which request is first; a parallel retry waits here until the first has committed.
CLAIM = """
INSERT INTO idempotency_key (scope, print, answer_sealed, made_on) VALUES ($1, $2, '', $3)
ON CONFLICT (scope) DO NOTHING RETURNING scope
"""
KEPT_FOR = timedelta(days=7)


class KeyMissing(Malformed):
    """The command came without an Idempotency-Key, or with an unusable one."""

    message_zh = "这个操作缺少防重复编号。"
    hint_zh = "请升级到最新版本后再操作。"


class KeyReused(Refusal):
    """The same key came with another body."""

    status = 422
    message_zh = "这个操作已经提交过，但内容不一样。"
    hint_zh = "请刷新页面，确认是否已经办理，再重新填写。"


async def once(request: Request, do: Callable[[], Awaitable[D]], *, shape: type[D]) -> D:
    """Execute a command under the request's key and return its outcome, committed now or by an earlier request.

    One transaction with the key, the journal written last; refusals are not remembered. A parallel retry waits for
    the first. Raises KeyMissing or KeyReused.
    """
    key = request.headers.get(HEADER, "")
    if not KEY.fullmatch(key):
        raise KeyMissing
    actor: Actor = request.ctx.actor
    return await _once(request, do, shape=shape, key=key, person_id=actor.person.id)


async def forget_answers(*, now: datetime) -> None:
    """Delete outcomes after seven whole days; a phone that retries later finds the state already changed."""
    await IdempotencyKey.filter(made_on__lt=business_date(now) - KEPT_FOR).delete()


async def reseal_answers(keys: KeyRing) -> int:
    """Reseal the stored outcomes under the current master key; return how many needed it."""
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
    request: Request, do: Callable[[], Awaitable[D]], *, shape: type[D], key: str, person_id: UUID
) -> D:
    tools = tools_of(request)
    scope = tools.keys.lookup(f"{person_id} {request.method} {request.path} {key}", kind="once")
    fingerprint = tools.keys.lookup(f"{scope} {sha256(request.body).hexdigest()}", kind="once_print")
    claimed = await connections.get("default").execute_query_dict(
        CLAIM, [scope, fingerprint, business_date(tools.clock.now())]
    )
    if not claimed:
        return await _done_before(scope, fingerprint, shape=shape, keys=tools.keys)
    async with journal.together():
        done = await do()
        sealed = tools.keys.seal(msgspec.json.encode(done).decode(), bound_to=_place(scope))
        await IdempotencyKey.filter(scope=scope).update(answer_sealed=sealed)
    return done


async def _done_before(scope: str, fingerprint: str, *, shape: type[D], keys: KeyRing) -> D:
    kept = await IdempotencyKey.get(scope=scope)
    if kept.print != fingerprint:
        raise KeyReused
    told = keys.unseal(kept.answer_sealed, bound_to=_place(scope))
    try:
        return msgspec.json.decode(told, type=shape)
    except msgspec.DecodeError as error:  # an earlier version of this program did it, and stored another form
        raise KeyReused("这个操作已经办好。", hint="请刷新页面看结果，不用重新填写。") from error


def _place(scope: str) -> str:
    return f"idempotency_key:{scope}"
