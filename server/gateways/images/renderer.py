"""The renderer: foreign pictures are developed in a child process that is watched, bounded and replaced."""

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
# What a child short of memory may say of a good picture: only a fresh child's word counts.
DOUBTFUL = {Reason.BROKEN, Reason.TOO_HEAVY}
AFTER_ALL = sys.maxsize  # of all turns
PATIENCE = 20.0  # seconds: a phone gives an upload up after sixty, and has to send it first
ORDERS_PER_CHILD = 200  # then a fresh one, so that nothing a decoder leaks adds up

# No secret of ours; and the big blocks go back to the system at once, so that a warm child has room.
ENVIRONMENT = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(12 * 1024 * 1024),
}

Answer = Rendered | Picture | Compared | Refused
ANSWERS: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class RenderingFailed(Exception):
    """The child died or took too long over this picture; trying once more is fair, many times is not."""


class LineTooLong(Exception):
    """Too many pictures whose turn is earlier wait to be looked at; this one was not touched."""


class PictureRenderer:
    """Develops one picture at a time in a warm child process; keep one for the life of the worker."""

    def __init__(
        self,
        *,
        seconds: float = 30.0,
        cpu_seconds: float = 10.0,
        megabytes: int = 512,
        patience: float = PATIENCE,
    ) -> None:
        """`seconds` of wall time for a picture, and of the processor's, so that a busy machine condemns none;
        `megabytes` of data memory for the child; `patience` is how long a look waits for its turn.
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
        """Claims, fingerprint and renditions of a photo; NotAPicture is for good, RenderingFailed for now.

        Of those that wait the lowest `turn` goes first.
        """
        order = msgspec.msgpack.encode(Order(data, mark, dict(sizes), list(boxes)))
        async with self._turns.of(turn):
            answer = await self._surely_answered(order)
        if not isinstance(answer, Rendered):
            raise RenderingFailed("the answer to another question")
        return answer

    async def look(self, read: Callable[[], Awaitable[bytes]], *, turn: int = 0) -> None:
        """Decode a picture as `develop` will, and show nothing; it is read when its turn has come.

        NotAPicture is for good, and so is a second time-out. LineTooLong if the turn does not come in time:
        somebody waits for the answer.
        """
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._turns.of(turn, within=self._patience))
            except TimeoutError as error:
                raise LineTooLong from error
            await self._look(await read())

    async def compare(self, data: bytes, *, ours: Sequence[bytes]) -> Compared:
        """Hold a foreign picture against renditions of ours; whoever sends or develops photos goes first.

        NotAPicture also if it takes longer than any rendition that was saved again.
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
        """Send the child home."""
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
            if answer is None:  # failed or cancelled: what this child says next belongs to nobody
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
