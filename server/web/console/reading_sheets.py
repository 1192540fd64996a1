"""Reading an uploaded spreadsheet."""

from sanic import Request

from server.web.console.refusals import SheetTooBig
from server.web.door.problems import TooBig
from server.web.door.uploading import one_file

MAX_BYTES = 10 * 1024 * 1024


async def read_sheet(request: Request) -> tuple[str, bytes]:
    """Return the name and the bytes of the uploaded sheet. Raises SheetTooBig."""
    name: list[str] = []
    pieces = one_file(request, "file", max_bytes=MAX_BYTES, what="表格", note_name=name.append)
    try:
        sheet = b"".join([piece async for piece in pieces])
    except TooBig as error:
        raise SheetTooBig from error
    return name[0], sheet
