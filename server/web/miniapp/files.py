"""Files on phones: sent by their digest before or after the record that names them, and fetched by who may see it."""

from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import FileKind
from server import files
from server.files import FileHere
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.handing_out import hand_out
from server.web.door.operations import actor_of, answer, operation
from server.web.door.uploading import one_file

blueprint = Blueprint("files")


class FileKept(Struct):
    """A file that is on the server's disk."""

    sha256: str
    bytes: int
    kind: FileKind


class FileCard(Struct):
    """A file of a record; `is_here` is false until its bytes have arrived. Its address is /files/{id}."""

    id: UUID
    name: str
    bytes: int
    kind: FileKind | None
    is_here: bool


def file_card(file: FileHere) -> FileCard:
    """Return a file as phones see it."""
    kind = file.arrival.kind if file.arrival else None
    return FileCard(file.line.id, file.name, file.line.bytes, kind, file.arrival is not None)


@operation(
    blueprint,
    "POST",
    "/files/<sha256:digest>",
    summary="上传一个文件",
    guard=phone(Permission.HAND_IN, max_bytes=None),
    upload="file",
    answers={201: FileKept, 200: FileKept},
    refusals=files.REFUSALS,
)
async def keep_file(request: Request, sha256: str) -> HTTPResponse:
    """Upload a PDF, DOCX, XLSX or photo of at most 50 MB; its bytes must match the SHA-256 in the address.

    201 or 200 means that it is committed and flushed to disk. It may come before or after the record that names it.
    """
    pieces = one_file(request, "file", max_bytes=files.MAX_BYTES, what="文件")
    tools = tools_of(request)
    kept, is_new = await files.receive(
        pieces, sha256=sha256, by=actor_of(request), now=tools.clock.now(), tools=tools
    )
    return answer(FileKept(kept.sha256, kept.bytes, kept.kind), status=201 if is_new else 200)


@operation(
    blueprint,
    "GET",
    "/files/<file_id:uuid>",
    summary="下载文件",
    guard=phone(Permission.SEE_OBLIGATIONS),
    answers={200: "application/octet-stream"},
)
async def see_file(request: Request, file_id: UUID) -> None:
    """Return a file as it was sent, as an attachment, to who may see its record."""
    await hand_out(request, await files.file_seen_by(actor_of(request), file_id))
