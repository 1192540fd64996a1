"""HTTP by hand: one connection per request, so that it can be cut at any moment and costs the rig little."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

BOUNDARY = "----the-rig"


class NoAnswer(Exception):
    """The connection ended before a complete answer came: whether anything was done is unknown."""


@dataclass(frozen=True)
class Answer:
    """A complete answer."""

    status: int
    kind: str
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


def written(
    method: str,
    path: str,
    *,
    token: str = "",
    cookie: str = "",
    key: str = "",
    body: bytes = b"",
    kind: str = "application/json",
) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: rig", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {kind}"] if body else []
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"Idempotency-Key: {key}"] if key else []
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask(port: int, method: str, path: str, **request: Any) -> Answer:
    """Send a request and wait for its complete answer; raises NoAnswer if the connection breaks."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(written(method, path, **request))
        await writer.drain()
        return _read(await reader.read())
    except (OSError, ValueError, IndexError) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        if writer:
            writer.transport.abort()


async def hang_up(port: int, request: bytes, *, after: float) -> None:
    """Send a request and break the connection after `after` seconds, answered or not."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await asyncio.sleep(after)
    writer.transport.abort()


def form(picture: bytes) -> dict[str, Any]:
    """Return a photo as wx.uploadFile sends it: `body` and `kind` for a request."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"body": body, "kind": f"multipart/form-data; boundary={BOUNDARY}"}


def _read(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if len(body) != int(headers.get("content-length", "0")):
        raise ValueError("cut short")
    return Answer(int(lines[0].split()[1]), headers.get("content-type", ""), body, headers)
