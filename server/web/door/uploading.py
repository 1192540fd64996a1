"""Uploads: one file from a multipart body, piece by piece, never whole in memory (server-stack §1)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import multipart
from sanic import Request

from server.web.door.problems import Malformed, TooBig, TooSlow

OVERHEAD = 64 * 1024
MAX_SEGMENTS = 4
SILENT_SECONDS = 45  # between two pieces; below Sanic's RESPONSE_TIMEOUT, whose answer would not be ours
MAX_SECONDS = 300  # for a whole upload; Sanic's own timer restarts with every piece


async def one_file(
    request: Request,
    field: str,
    *,
    max_bytes: int,
    what: str = "照片",
    note_name: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[bytes]:
    """Yield the pieces of the one file in `field`; text fields beside it are ignored.

    `note_name` is called with the chosen file's name before the first piece.
    Raises Malformed if the body is not such a form, TooBig past `max_bytes`, TooSlow after five minutes
    or when nothing comes for 45 seconds.
    """
    kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Malformed(hint=f"请用表单方式上传一个{what}文件。")
    files, is_wanted = 0, False
    async for event in _events(request, options["boundary"], limit=max_bytes + OVERHEAD):
        if isinstance(event, multipart.MultipartSegment):
            is_wanted = event.filename is not None
            files += is_wanted
            if is_wanted and (event.name != field or files > 1):
                raise Malformed(hint=f"每次上传一个{what}文件，放在表单的“{field}”里。")
            if is_wanted:
                note_name(event.filename or "")
        elif event and is_wanted:
            yield bytes(event)
    if not files:
        raise Malformed(hint=f"没有收到{what}文件，它要放在表单的“{field}”里。")


async def _events(
    request: Request, boundary: str, *, limit: int
) -> AsyncIterator[multipart.MultipartSegment | bytearray | None]:
    taken = 0
    try:
        async with asyncio.timeout(MAX_SECONDS):
            with multipart.PushMultipartParser(boundary, max_segment_count=MAX_SEGMENTS) as parser:
                while not parser.closed and (piece := await _read(request)):
                    taken += len(piece)
                    if taken > limit:
                        raise TooBig
                    for event in parser.parse(piece):
                        yield event
    except multipart.MultipartError as error:
        raise Malformed from error
    except TimeoutError as error:
        raise TooSlow from error


async def _read(request: Request) -> bytes | None:
    stream: Any = request.stream
    async with asyncio.timeout(SILENT_SECONDS):
        piece: bytes | None = await stream.read()
    return piece
