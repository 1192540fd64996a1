"""Response headers of the console: run only our own files, allow no framing, cache nothing."""

from typing import Any

from sanic.response import BaseHTTPResponse

from server.web.door.admission import tools_of

IMAGES = "img-src 'self' data:"
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        IMAGES,
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# `same-origin`, not `no-referrer`: with the latter a browser sends `Origin: null` with our own forms,
# and admission could not tell them from foreign ones (server/web/door/admission.py).
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 3600


async def secure(request: Any, response: BaseHTTPResponse) -> None:
    """Add the security headers to every page of ours, and forbid caching of personal ones (response middleware)."""
    if not request.path.startswith(("/console", "/verify", "/board")):
        return
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if host := tools_of(request).settings.map_host:
        response.headers["Content-Security-Policy"] = POLICY.replace(IMAGES, f"{IMAGES} {host}")
    response.headers.setdefault("Cache-Control", "no-store")
    if tools_of(request).settings.is_production:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
