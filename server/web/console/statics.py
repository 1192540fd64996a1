"""Our own styles and scripts, at addresses that change with their content, so that browsers can cache them."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request

from server.kernel.refusal import NoSuchThing
from server.web.door.guards import public

blueprint = Blueprint("console_statics", url_prefix="/static")

FOLDER = Path(__file__).parent / "static"
PREFIX = "/console/static"
FOR_EVER = "public, max-age=31536000, immutable"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SMALLEST = 1024  # bytes; smaller files are not worth packing


@dataclass(frozen=True)
class Static:
    """A file as sent: its content, packed where that pays, and the digest in its address."""

    content: bytes
    packed: bytes | None
    kind: str
    digest: str


@cache
def warm() -> dict[str, Static]:
    """Return every file by its path below the folder, read and packed once per process."""
    files = [path for path in FOLDER.rglob("*") if path.suffix in KINDS and "tabler-icons" not in path.parts]
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in files}


def address(path: str) -> str:
    """Return the address of the current version of a file."""
    return f"{PREFIX}/{warm()[path].digest}/{path}"


@cache
def icon(name: str) -> str:
    """Return an icon as inline SVG for templates, hidden from screen readers because the word beside it speaks."""
    drawing = (FOLDER / "vendor/tabler-icons" / f"{name}.svg").read_text("utf-8")
    body = drawing.partition(">")[2].rpartition("</svg>")[0]
    body = "".join(line.strip() for line in body.splitlines())
    return (
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{body}</svg>'
    )


@blueprint.get("/<digest:str>/<path:path>", name="file", ctx_guard=public(per_minute=6000))
async def send(request: Request, digest: str, path: str) -> HTTPResponse:
    """Send a file; an address from before the last deployment gets the current file and must not be cached."""
    file = warm().get(path)
    if file is None:
        raise NoSuchThing
    headers = {"Cache-Control": FOR_EVER if digest == file.digest else "no-cache", "Vary": "Accept-Encoding"}
    body = file.content
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = file.packed, "gzip"
    return HTTPResponse(body, headers=headers, content_type=f"{file.kind}; charset=utf-8")


def _read(path: Path) -> Static:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if len(content) >= SMALLEST else None
    return Static(content, packed, KINDS[path.suffix], hashlib.sha256(content).hexdigest()[:12])
