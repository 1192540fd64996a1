"""A virus scanner: clamd's own protocol, INSTREAM, over a unix socket or a TCP address."""

import asyncio
from collections.abc import AsyncIterable
from contextlib import suppress
from urllib.parse import urlsplit

PIECE = 256 * 1024
SECONDS = 120  # for one whole file
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner can't be reached, or it can't say whether the bytes are clean."""


class VirusFound(Exception):
    """The scanner knows these bytes; `name` is its name for them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


async def scan(pieces: AsyncIterable[bytes], *, address: str) -> None:
    """Send bytes to clamd at `/path/to/socket` or `tcp://host:port`; raises VirusFound, ScannerAway."""
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _ask(pieces, address=address)
    except (OSError, TimeoutError) as error:
        raise ScannerAway(type(error).__name__) from error
    words = answer.rstrip(b"\0\n").decode("utf-8", "replace").partition(": ")[2]
    if words.endswith(" FOUND"):
        raise VirusFound(words.removesuffix(" FOUND"))
    if words != "OK":
        raise ScannerAway("unclear answer")


async def _ask(pieces: AsyncIterable[bytes], *, address: str) -> bytes:
    reader, writer = await _open(address)
    try:
        writer.write(b"zINSTREAM\0")
        async for piece in pieces:
            for start in range(0, len(piece), PIECE):
                part = piece[start : start + PIECE]
                writer.write(len(part).to_bytes(4, "big") + part)
                await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
        return await reader.readuntil(b"\0")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ConnectionError("no whole answer") from error
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _open(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.startswith("/"):
        return await asyncio.open_unix_connection(address, limit=LONGEST_ANSWER)
    parts = urlsplit(address)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=LONGEST_ANSWER)
