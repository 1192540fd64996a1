"""Serves the phone frame, the phones in it, and their requests to the office."""

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from server.trial.node_packages import MINIPROGRAM
from server.trial.preview.passing_on import pass_on

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
FRAME_RULES = (
    "default-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
PHONE_RULES = (  # the engine sets inline styles, the icon font is in the stylesheet, photos are blobs
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Where the built mini-program is, where the office is, and who has a phone: name, code, role."""

    built: Path
    office: str
    phones: list[dict[str, str]]


class Handler(BaseHTTPRequestHandler):
    """Handles one request; `server_of` makes one class per preview."""

    protocol_version = "HTTP/1.1"
    preview: ClassVar[Preview]

    def do_GET(self) -> None:
        """Return one of our files, or the office's answer."""
        path = unquote(urlsplit(self.path).path)
        if path.startswith(("/api/", "/verify/")):
            self.pass_on()
        elif path == "/phones.json":
            self._send(json.dumps(self.preview.phones, ensure_ascii=False).encode(), kind=".json")
        elif path.startswith("/phone/") and path.endswith("/hooks.js"):
            self._send(self._hooks(path.split("/")[2]).encode(), kind=".js")
        elif path.startswith("/phone/"):
            self._send_file(self.preview.built, path.split("/", 3)[-1] or "index.html", rules=PHONE_RULES)
        elif path.startswith("/mp/"):
            self._send_file(MINIPROGRAM, path.removeprefix("/mp/"))
        else:
            self._send_file(STATIC, path.lstrip("/") or "frame.html")

    def do_POST(self) -> None:
        """Forward to the office, which alone accepts data."""
        self.pass_on()

    do_PUT = do_DELETE = do_POST  # noqa: N815  the names that the standard library requires

    def pass_on(self) -> None:
        """Ask the office; answer a broken connection by hanging up, as networks do."""
        try:
            pass_on(self, office=self.preview.office)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: addresses contain seals."""

    def _hooks(self, code: str) -> str:
        # Each person has their own phone: `owner` separates their storage.
        # A phone knows the office only by its full address: here the one that the preview was opened at.
        hooks = {"owner": code, "loginCode": code, "assetBase": "/mp"}
        office = "{ ext: { apiBase: location.origin } }"
        return f"globalThis.__MP_HOOKS__ = Object.assign({json.dumps(hooks)}, {office}, globalThis.__MP_HOOKS__)\n"

    def _send_file(self, folder: Path, name: str, *, rules: str = FRAME_RULES) -> None:
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file() or file.suffix not in TYPES:
            self.send_error(404)
            return
        self._send(file.read_bytes(), kind=file.suffix, rules=rules)

    def _send(self, content: bytes, *, kind: str, rules: str = FRAME_RULES) -> None:
        self.send_response(200)
        self.send_header("Content-Type", TYPES[kind])
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", rules)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)


def server_of(preview: Preview, *, port: int, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """Return a loopback server for this preview; port 0 takes a free one."""
    own = type("PreviewHandler", (handler,), {"preview": preview})
    return ThreadingHTTPServer(("127.0.0.1", port), own)
