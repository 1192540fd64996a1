"""Forwards a browser's requests to the office: a phone may call any origin, a browser may not."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

PIECE = 64 * 1024
PATIENCE_SECONDS = 120
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "proxy-connection", "upgrade"}


def pass_on(handler: BaseHTTPRequestHandler, *, office: str) -> None:
    """Forward the request unchanged to `office` and return its answer."""
    line = HTTPConnection(urlsplit(office).netloc, timeout=PATIENCE_SECONDS)
    try:
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in HOP_BY_HOP}
        line.request(handler.command, handler.path, body=body_of(handler), headers=headers)
        _answer(handler, line.getresponse())
    finally:
        line.close()


def body_of(handler: BaseHTTPRequestHandler) -> Iterator[bytes] | None:
    """Yield the request's body in pieces; None if it has none."""
    left = int(handler.headers.get("content-length") or 0)
    return _pieces(handler, left) if left else None


def _pieces(handler: BaseHTTPRequestHandler, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = handler.rfile.read(min(left, PIECE))
        if not piece:
            raise ConnectionError("the browser hung up")
        left -= len(piece)
        yield piece


def _answer(handler: BaseHTTPRequestHandler, told: HTTPResponse) -> None:
    content = told.read()
    handler.send_response(told.status)
    for name, value in told.getheaders():
        if name.lower() not in HOP_BY_HOP | {"content-length", "date", "server"}:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(content)
