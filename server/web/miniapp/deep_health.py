"""The deep health check: does everything outside this process work? For this machine or with the token (OPS-03)."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

import msgspec
from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request
from tortoise import connections

from server.journal import anchoring
from server.kernel.refusal import NoSuchThing
from server.tools import Tools
from server.web.door.admission import tools_of
from server.web.door.guards import public
from server.web.miniapp.metrics import is_ours

blueprint = Blueprint("deep_health")
PATIENCE_SECONDS = 5.0
QUIET_SECONDS = 300  # a worker sets off something each minute
OLDEST_JOB_SECONDS = 900
OLDEST_ANCHOR_SECONDS = 3600
PROBE = b"probe"
WORKER = """SELECT
    extract(epoch FROM now() - max(last_run))::float AS quiet,
    (SELECT coalesce(extract(epoch FROM now() - min(created)), 0)::float FROM pgqueuer) AS oldest
FROM pgqueuer_schedules"""


class Check(Struct):
    """One thing that was tried: whether it works, what is wrong in words, and how long the attempt took."""

    name: str
    ok: bool
    words: str
    ms: float


class Health(Struct):
    """Everything that was tried; `healthy` if all of it works."""

    healthy: bool
    checks: list[Check]


@blueprint.get("/deep", name="deep", ctx_guard=public(per_minute=60))
async def deep(request: Request) -> HTTPResponse:
    """Try the database, the storage, WeChat, the worker and the anchors; to strangers the address does not exist."""
    if not is_ours(request):
        raise NoSuchThing
    tools = tools_of(request)
    checks = await asyncio.gather(*(_tried(name, probe, tools) for name, probe in PROBES.items()))
    found = Health(all(one.ok for one in checks), list(checks))
    status = 200 if found.healthy else 503
    return HTTPResponse(msgspec.json.encode(found), status=status, content_type="application/json")


async def _tried(name: str, probe: Callable[[Tools], Awaitable[str]], tools: Tools) -> Check:
    """Return what came of a probe, whatever it raises: a fault's class is told, never its words."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            wrong = await probe(tools)
    except TimeoutError:
        wrong = f"{PATIENCE_SECONDS:.0f}秒没有回应"
    except Exception as error:  # the check's very purpose is to hear of any fault
        wrong = f"出错：{type(error).__name__}"
    return Check(name, not wrong, wrong or "正常", round(1000 * (time.perf_counter() - began), 1))


async def _database(tools: Tools) -> str:
    (found,) = await connections.get("default").execute_query_dict(
        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS closed"
    )
    return "数据库只能读，不能写" if found["closed"] else ""


async def _storage(tools: Tools) -> str:
    key = f"probe/{uuid4().hex}"
    await tools.storage.put(key, PROBE)
    try:
        return "" if await tools.storage.read(key) == PROBE else "读出来的和写进去的不一样"
    finally:
        await tools.storage.remove(key)


async def _wechat(tools: Tools) -> str:
    await tools.wechat.reach()
    return ""


async def _worker(tools: Tools) -> str:
    (found,) = await connections.get("default").execute_query_dict(WORKER)
    if found["quiet"] is None or found["quiet"] > QUIET_SECONDS:
        return "后台进程没有在运行，请启动 scripts/work"
    if found["oldest"] > OLDEST_JOB_SECONDS:
        return f"最早的任务已等了{found['oldest'] / 60:.0f}分钟"
    return ""


async def _anchors(tools: Tools) -> str:
    age = anchoring.age_seconds(tools.settings)
    if age is None:
        return "还没有存证锚点"
    return f"最近的存证锚点是{age // 60}分钟以前的" if age > OLDEST_ANCHOR_SECONDS else ""


PROBES: dict[str, Callable[[Tools], Awaitable[str]]] = {
    "database": _database,
    "storage": _storage,
    "wechat": _wechat,
    "worker": _worker,
    "anchors": _anchors,
}
