"""Entity tags, so that unchanged answers are not sent again; each tag is computed from the bytes it stands for.

Other sources (a version, a time) miss what an answer also depends on: the reader, the date, changed names.
Sanic has none of its own.
"""

import hashlib

from sanic import HTTPResponse, Request


def tagged(request: Request, answer: HTTPResponse) -> HTTPResponse:
    """Return the answer with the tag of its bytes, or 304 if the client already has them."""
    tag = tag_of(hashlib.sha256(answer.body or b"").hexdigest())
    headers = {"ETag": tag, "Cache-Control": answer.headers.get("cache-control", "no-store")}
    if is_known(request, tag):
        return HTTPResponse(status=304, headers=headers)
    answer.headers.update(headers)
    return answer


def tag_of(digest: str) -> str:
    """Return the tag for bytes with this digest."""
    return f'"{digest[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client has this tag; a proxy that compresses an answer weakens it (RFC 9110, 13.1.2)."""
    named = request.headers.get("if-none-match", "").split(",")
    return tag in [one.strip().removeprefix("W/") for one in named]
