"""Handing out a file: as it came, never shown by the browser itself, under an honest name."""

from urllib.parse import quote

from sanic import Request

from server import files
from server.files import FileHere
from server.kernel.refusal import NoSuchThing
from server.web.door.admission import tools_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
}


async def hand_out(request: Request, file: FileHere) -> None:
    """Send a file's bytes as an attachment; the type is what its content was found to be."""
    if file.arrival is None:
        raise NoSuchThing
    ending = file.arrival.kind.label
    headers = {
        "Content-Disposition": f"attachment; filename=\"file.{ending}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Length": str(file.arrival.bytes),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    pieces = files.content_of(file.arrival, tools=tools_of(request))
    first = await anext(pieces, b"")  # a missing or broken file is refused before the answer begins
    answer = await request.respond(headers=headers, content_type=TYPES[file.arrival.kind])
    await answer.send(first)
    async for piece in pieces:
        await answer.send(piece)
    await answer.eof()
