"""A bad connection between a client and the office: slow, and all connections break at regular intervals.

An interval is counted in what it can carry, so that a slow machine makes a test longer and no connection worse.
Traffic is counted on the wire, so a client's own account of what it sent need not be trusted.
"""

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PIECE = 1024  # bytes in transit when the connection breaks
CREDIT_S = 0.05  # what a late wake-up may make good
HELD = 4096  # bytes that a socket may buffer: a larger buffer would accept what the connection can't carry


@dataclass
class Passed:
    """What passed towards the office, and what the office answered to the parts of an upload."""

    connections: int = 0
    cuts: int = 0
    total: int = 0  # bytes, including headers
    confirmed: int = 0  # bytes of the file
    twice: int = 0  # bytes of the file that passed again after the office had confirmed them
    parts: list[int] = field(default_factory=list)  # the announced lengths


class BadLine:
    """`async with BadLine(url, speed=50_000, cut_every=8) as line`; clients connect to `line.url`."""

    def __init__(self, office: str, *, speed: float, cut_every: float) -> None:
        self._office, self._speed = urlsplit(office), speed
        self._cut_after, self._carried = speed * cut_every, 0  # bytes
        self.passed = Passed()
        self.url = ""
        self._open: set[asyncio.Task[None]] = set()
        self._free_at = 0.0

    async def __aenter__(self) -> "BadLine":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HELD)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for one in self._open:
            one.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        self.passed.connections += 1
        try:
            await self._carry(reader, writer)
        except asyncio.CancelledError:
            pass  # cut
        finally:
            writer.transport.abort()
            self._open.discard(task)

    def _count(self, size: int) -> None:
        """Break all connections once they have carried what passes in an interval."""
        self._carried += size
        if self._carried >= self._cut_after:
            self._carried = 0
            self.passed.cuts += 1
            for one in self._open:
                one.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, office = await asyncio.open_connection(self._office.hostname, self._office.port)
        heads = Heads(self.passed)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(reader, office, heads.asked))
                both.create_task(self._pass(there, writer, heads.answered))
        except* OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                office.transport.abort()

    async def _pass(self, reader, writer, heard) -> None:  # type: ignore[no-untyped-def]
        while data := await reader.read(PIECE):
            self._count(len(data))
            await self._wait_for(len(data))
            heard(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _wait_for(self, size: int) -> None:
        """Wait for a turn: all connections share the bandwidth, and a piece passes when those before it have."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(now - CREDIT_S, self._free_at) + size / self._speed
        await asyncio.sleep(self._free_at - now)


class Heads:
    """Reads the headers of requests and answers of one connection; requests are sequential."""

    def __init__(self, passed: Passed) -> None:
        self._passed = passed
        self._head = b""
        self._left = 0  # bytes of a body that are still to come
        self._at: int | None = None  # where the part begins, for parts of an upload
        self._told = b""

    def asked(self, data: bytes) -> None:
        self._passed.total += len(data)
        while data:
            if not self._left:
                data = self._read_head(data)
                continue
            body, data = data[: self._left], data[self._left :]
            self._left -= len(body)
            if self._at is not None:
                self._passed.twice += max(0, min(self._at + len(body), self._passed.confirmed) - self._at)
                self._at += len(body)

    def _read_head(self, data: bytes) -> bytes:
        head, end, rest = (self._head + data).partition(b"\r\n\r\n")
        if not end:
            self._head = head
            return b""
        self._head = b""
        self._left = _number(head, b"content-length") or 0
        self._at = _number(head, b"upload-offset") if self._left else None
        if self._at is not None:
            self._passed.parts.append(self._left)
        return rest

    def answered(self, data: bytes) -> None:
        """Record what the office confirms, from the moment it says so, whether or not the client receives it."""
        self._told = self._told[-400:] + data
        for told in re.findall(rb"(?i)\r\nupload-offset: (\d+)\r\n", self._told):
            self._passed.confirmed = max(self._passed.confirmed, int(told))


def _number(head: bytes, name: bytes) -> int | None:
    found = re.search(rb"(?im)^" + name + rb": *(\d+)\r?$", head)
    return int(found[1]) if found else None
