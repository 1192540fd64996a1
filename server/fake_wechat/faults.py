"""Faults to order: what may go wrong between us and WeChat, for the next calls of a path."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, cast

from msgspec import Meta, Struct
from sanic import HTTPResponse, Request, empty, text

from server.fake_wechat.answers import No

Kind = Literal["errcode", "status", "hang", "swallow", "garbage"]


class Fault(Struct, forbid_unknown_fields=True):
    """What happens to the next `times` calls of `path`, or to a `share` of them.

    errcode: refused with the number `value`. status: answered with HTTP status `value`.
    hang: nothing is done, and after `value` seconds the connection is cut.
    swallow: carried out, then after `value` seconds the connection is cut.
    garbage: carried out, and answered with HTML.
    """

    path: str
    kind: Kind
    value: float = 0
    times: Annotated[int, Meta(ge=1)] = 1
    share: Annotated[float, Meta(gt=0, le=1)] = 1


class Faults:
    """Plays the ordered faults."""

    def __init__(self, seed: int = 0) -> None:
        self._ordered: list[Fault] = []
        self._chance = random.Random(seed)  # noqa: S311

    def order(self, fault: Fault) -> None:
        self._ordered.append(fault)

    async def play(
        self, path: str, request: Request, desk: Callable[[], Awaitable[HTTPResponse]]
    ) -> HTTPResponse:
        """Return the handler's answer, or what the next fault makes of it."""
        fault = self._next(path)
        match fault:
            case None:
                return await desk()
            case Fault(kind="errcode", value=value):
                raise No(int(value))
            case Fault(kind="status", value=value):
                return text("fault", status=int(value))
            case Fault(kind="garbage"):
                await desk()
                return text("<html><body>Welcome to the hotel's network</body></html>")
            case Fault(kind="swallow"):
                await desk()
        return await _vanish(request, seconds=fault.value)

    def _next(self, path: str) -> Fault | None:
        for fault in self._ordered:
            if fault.path == path and self._chance.random() < fault.share:
                fault.times -= 1
                if not fault.times:
                    self._ordered.remove(fault)
                return fault
        return None


async def _vanish(request: Request, *, seconds: float) -> HTTPResponse:
    await asyncio.sleep(seconds)
    cast(asyncio.Transport, request.transport).abort()
    return empty()
