"""A client that costs the machine little: one kept-alive connection, requests as bytes, answers by their length."""

import asyncio
import time
from dataclasses import dataclass

LONGEST = 2**27  # bytes of an answer


@dataclass(frozen=True)
class Answer:
    """A response: its status, its body, and the milliseconds until its first byte."""

    status: int
    body: bytes
    first_byte_ms: float


class Line:
    """One connection to a server on loopback, opened when it is first used."""

    def __init__(self, port: int, **headers: str) -> None:
        self._port, self._headers = port, headers
        self._reader: asyncio.StreamReader | None = None

    async def get(self, path: str, **headers: str) -> Answer:
        """Request a page; raises RuntimeError unless the answer is a success."""
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=LONGEST)
        fields = {"Host": f"127.0.0.1:{self._port}", **self._headers, **headers}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        begun = time.perf_counter()
        self._writer.write("\r\n".join(lines).encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        spent = (time.perf_counter() - begun) * 1000
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        body = await self._reader.readexactly(int(length or 0))
        if b"connection: close" in head:
            self.close()
        status = int(head[9:12])
        if not 200 <= status < 300:
            raise RuntimeError(f"{path} was answered with {status}: {body[:300].decode(errors='replace')}")
        return Answer(status, body, spent)

    def close(self) -> None:
        if self._reader is not None:
            self._writer.transport.abort()
        self._reader = None
