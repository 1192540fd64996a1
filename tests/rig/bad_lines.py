"""Lines that lose, cut, delay, garble, swallow and repeat: a proxy between phones and servers, by seeded dice."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

PIECE = 4096  # bytes in transit
HELD = 16_384  # bytes that a socket of ours may buffer
PHOTO = b"multipart/form-data"
HEAD_ENDS = b"\r\n\r\n"

FATES = {  # share of connections; all others are only slow
    "cut": 0.30,  # at a random byte, with a reset
    "swallowed": 0.10,  # the office answers, and nobody hears it
    "lost": 0.05,  # a black hole: nothing passes and nothing ends
    "garbled": 0.03,  # one bit of a photo arrives changed; words have no digest and rely on TLS
    "repeated": 0.05,  # the whole request reaches the office twice
}


@dataclass(frozen=True)
class Line:
    """How slow each connection is: bytes a second, and seconds until anything arrives."""

    speed: float
    latency: float


class BadLines:
    """`async with BadLines(ports, line=…, dice=…) as lines`: phones connect to `lines.port`."""

    def __init__(
        self, ports: list[int], *, line: Line, dice: random.Random, fates: Mapping[str, float] = FATES
    ) -> None:
        self._ports, self._line, self._dice, self._fates = ports, line, dice, fates
        self._open: set[asyncio.Task[None]] = set()
        self.carried = 0  # bytes that phones sent
        self.fates: Counter[str] = Counter()
        self.port = 0

    async def __aenter__(self) -> "BadLines":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HELD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for one in list(self._open):
            one.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        fate = self._fate()
        self.fates[fate] += 1
        try:
            await self._live(fate, phone, back)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # as lines end
        finally:
            back.transport.abort()
            self._open.discard(task)

    def _fate(self) -> str:
        thrown = self._dice.random()
        for fate, share in self._fates.items():
            if (thrown := thrown - share) < 0:
                return fate
        return "slow"

    async def _live(self, fate: str, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._line.latency)
        if fate == "lost":
            await asyncio.sleep(3600)  # until the phone loses patience
        head = await phone.readuntil(HEAD_ENDS)
        size = _announced(head)
        cut_at = self._dice.randrange(len(head) + size) if fate == "cut" else None
        garbled_at = self._dice.randrange(size) if fate == "garbled" and PHOTO in head else None
        office, there = await asyncio.open_connection("127.0.0.1", self._dice.choice(self._ports))
        try:
            body = await self._pass(phone, there, head, size, cut_at=cut_at, garbled_at=garbled_at)
            if fate == "repeated":
                await self._again(head + body)
            answer = await office.read()
            if fate != "swallowed":
                back.write(answer)
                await back.drain()
                back.close()
                await back.wait_closed()
        finally:
            there.transport.abort()

    async def _pass(
        self,
        phone: asyncio.StreamReader,
        there: asyncio.StreamWriter,
        head: bytes,
        size: int,
        *,
        cut_at: int | None,
        garbled_at: int | None,
    ) -> bytes:
        """Pass a request as slowly as the line is; raises ConnectionResetError where it is cut."""
        body, data = bytearray(), head
        while True:
            self.carried += len(data)
            await asyncio.sleep(len(data) / self._line.speed)
            if cut_at is not None and len(head) + len(body) >= cut_at:
                raise ConnectionResetError
            there.write(data)
            await there.drain()
            if len(body) == size:
                return bytes(body)
            data = await phone.read(min(PIECE, size - len(body)))
            if not data:
                raise ConnectionResetError
            if garbled_at is not None and len(body) <= garbled_at < len(body) + len(data):
                data = _with_a_bit_changed(data, garbled_at - len(body))
            body += data

    async def _again(self, request: bytes) -> None:
        """Send a request to a server of its own choice, and ignore the answer."""
        with contextlib.suppress(OSError):
            office, there = await asyncio.open_connection("127.0.0.1", self._dice.choice(self._ports))
            there.write(request)
            await office.read()
            there.transport.abort()


def _announced(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _with_a_bit_changed(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)
