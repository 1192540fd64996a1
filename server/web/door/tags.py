"""Entity tags: what a phone or a browser still has is not sent again. A tag is made of the very bytes it stands for.

Anything else a tag could be made of (a version, a time) misses what the same answer also depends on: who looks, what
day it is, whose name has changed.
"""

import hashlib

from sanic import HTTPResponse, Request


def tagged(request: Request, answer: HTTPResponse) -> HTTPResponse:
    """The same answer under the tag of its bytes; 304 to whoever has just these."""
    tag = tag_of(hashlib.sha256(answer.body or b"").hexdigest())
    headers = {"ETag": tag, "Cache-Control": answer.headers.get("cache-control", "no-store")}
    if is_known(request, tag):
        return HTTPResponse(status=304, headers=headers)
    answer.headers.update(headers)
    return answer


def tag_of(digest: str) -> str:
    """The tag of bytes that have this digest."""
    return f'"{digest[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the actor has what bears this tag; a proxy that packs an answer weakens it (RFC 9110, 13.1.2)."""
    named = request.headers.get("if-none-match", "").split(",")
    return tag in [one.strip().removeprefix("W/") for one in named]
