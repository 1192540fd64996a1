"""The renderer: foreign pictures are rendered in a child process that is watched, bounded and replaced.

Our own code, because the pools of `concurrent.futures` neither bound a child's memory nor stop one that hangs.
"""

import asyncio
import os
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import msgspec

from server.gateways.images.comparing import Compared
from server.gateways.images.examining import NotAPicture, Picture, Reason
from server.gateways.images.redacting import Box
from server.gateways.images.render import Comparison, Look, Order, Refused, Rendered
from server.gateways.images.rendering import SIZES
from server.gateways.images.turns import Turns
from server.gateways.images.watermark import Mark

PROJECT = Path(__file__).parents[3]
LENGTH = struct.Struct(">I")
MOST_ANSWER_BYTES = 32 * 1024 * 1024
# A child short of memory may say this of a good picture: only a fresh child's answer counts.
DOUBTFUL = {Reason.BROKEN, Reason.TOO_HEAVY}
AFTER_ALL = sys.maxsize  # after all other turns
PATIENCE = 20.0  # seconds: a phone gives up an upload after sixty, and has to send it first
ORDERS_PER_CHILD = 200  # then a fresh child, so that decoders' memory leaks don't add up

# No secrets of ours; and large blocks return to the system at once, so that a warm child has room.
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(12 * 1024 * 1024),
}

Answer = Rendered | Picture | Compared | Refused
ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class RenderingFailed(Exception):
    """The child died or took too long over this picture; one retry is fair, many are not."""


class LineTooLong(Exception):
    """Too many pictures with earlier turns are waiting; this one was not touched."""


class PictureRenderer:
    """Renders one picture at a time in a warm child process; keep one for the life of the worker."""

    def __init__(
        self,
        *,
        seconds: float = 30.0,
        cpu_seconds: float = 10.0,
        megabytes: int = 512,
        patience: float = PATIENCE,
    ) -> None:
        """Set the limits of the child process.

        `seconds` is wall time per picture, `cpu_seconds` its CPU time, so that a busy machine condemns none;
        `megabytes` is the child's data memory; `patience` is how long (in seconds) a look waits for its turn.
        """
        self._patience = patience
        self._seconds = seconds
        self._cpu_seconds = cpu_seconds
        self._megabytes = megabytes
        self._turns = Turns()
        self._child: Process | None = None
        self._orders_left = 0

    async def render(
        self,
        data: bytes,
        *,
        mark: Mark | None = None,
        sizes: Mapping[str, int] = SIZES,
        boxes: Sequence[Box] = (),
        turn: int = 0,
    ) -> Rendered:
        """Return claims, fingerprint and renditions of a photo; NotAPicture is permanent, RenderingFailed temporary.

        Among waiting requests the lowest `turn` goes first.
        """
        order = msgspec.msgpack.encode(Order(data, mark, dict(sizes), list(boxes)))
        async with self._turns.of(turn):
            answer = await self._surely_answered(order)
        if not isinstance(answer, Rendered):
            raise RenderingFailed("the answer to another question")
        return answer

    async def look(self, read: Callable[[], Awaitable[bytes]], *, turn: int = 0) -> None:
        """Decode a picture as `render` will, without returning it; `read` is called when its turn comes.

        NotAPicture is permanent, and so is a second time-out. Raises LineTooLong if the turn does not come in time,
        because a person is waiting for the answer.
        """
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._turns.of(turn, within=self._patience))
            except TimeoutError as error:
                raise LineTooLong from error
            await self._look(await read())

    async def compare(self, data: bytes, *, ours: Sequence[bytes]) -> Compared:
        """Compare a foreign picture with renditions of ours, after all looks and renderings.

        Raises NotAPicture, also if it takes longer than any re-saved rendition would.
        """
        order = msgspec.msgpack.encode(Comparison(data, list(ours)))
        async with self._turns.of(AFTER_ALL):
            try:
                answer = await self._surely_answered(order)
            except RenderingFailed as error:
                raise NotAPicture(Reason.TOO_HEAVY) from error
        if not isinstance(answer, Compared):
            raise RenderingFailed("the answer to another question")
        return answer

    async def close(self) -> None:
        """Stop the child."""
        async with self._turns.of(0):
            await self._dismiss()

    async def _look(self, data: bytes) -> None:
        order = msgspec.msgpack.encode(Look(data))
        try:
            await self._surely_answered(order)
        except RenderingFailed:
            try:
                await self._surely_answered(order)
            except RenderingFailed as error:
                raise NotAPicture(Reason.TOO_HEAVY) from error

    async def _surely_answered(self, order: bytes) -> Rendered | Picture | Compared:
        answer = await self._answer(order)
        if isinstance(answer, Refused) and answer.reason in DOUBTFUL and not self._is_fresh():
            await self._dismiss()
            answer = await self._answer(order)
        if isinstance(answer, Refused):
            raise NotAPicture(answer.reason)
        return answer

    async def _answer(self, order: bytes) -> Answer:
        child = await self._at_work()
        answer: Answer | None = None
        try:
            async with asyncio.timeout(self._seconds):
                answer = await _asked(child, order)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError) as error:
            raise RenderingFailed(type(error).__name__) from error
        finally:
            if answer is None:  # failed or cancelled: nobody must receive what this child answers next
                await self._dismiss()
        return answer

    async def _at_work(self) -> Process:
        if self._child and (self._orders_left < 1 or self._child.returncode is not None):
            await self._dismiss()
        if self._child is None:
            self._child = await self._engaged()
            self._orders_left = ORDERS_PER_CHILD
        self._orders_left -= 1
        return self._child

    def _is_fresh(self) -> bool:
        return self._orders_left == ORDERS_PER_CHILD - 1

    async def _engaged(self) -> Process:
        limits = (str(self._megabytes), str(self._seconds + 2), str(self._cpu_seconds))
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server.gateways.images", *limits),
            stdin=PIPE,
            stdout=PIPE,
            cwd=PROJECT,
            env=ENVIRONMENT,
        )

    async def _dismiss(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _asked(child: Process, order: bytes) -> Answer:
    orders, answers = child.stdin, child.stdout
    if orders is None or answers is None:
        raise ConnectionError("a child without pipes")
    orders.write(LENGTH.pack(len(order)))
    orders.write(order)
    await orders.drain()
    (length,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
    if length > MOST_ANSWER_BYTES:
        raise ConnectionError("an answer longer than any picture needs")
    return ANSWERS.decode(await answers.readexactly(length))
