"""What the fuzzer adds to its calls: headers and cookies that no program of ours sends, and endlessly nested documents.

Schemathesis loads it (SCHEMATHESIS_HOOKS). It makes no call acceptable, and no call may cause a server error.
"""

from itertools import cycle
from typing import Any

import schemathesis

from server.kernel.text import cleaned

HEADERS = cycle(
    [
        {},
        {"User-Agent": b"\xff\xfe\x00", "Accept": b"\xe5\xb7\xa5"},
        {"Cookie": "console=\xff\xfe; =; ;;known=~~~.~; a"},
        {"If-None-Match": b'\xff, W/"', "If-Modified-Since": "0", "Range": "bytes=9-1,-"},
        {"Origin": b"\xed\xa0\x80", "Referer": b"http://[\xff", "Sec-Fetch-Site": b"\xff"},
        {"Accept-Language": "z" * 4000, "Accept-Encoding": b"\xff;q=x"},
        {"Forwarded": 'for="[";secret=;;', "X-Forwarded-For": b"\xff, ,", "X-Forwarded-Proto": "gopher"},
        {"X-Request-ID": b"\xff" * 300, "X-Real-IP": "::ffff:999"},
        {"HX-Request": "true", "HX-Current-URL": b"http://[\xff", "HX-Target": "a" * 3000},
    ]
)
NESTED: Any = []
for _ in range(200):
    NESTED = [NESTED]
EVERY = 10
calls = {"all": 0}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Add the next hostile headers to each call; every tenth call has an endlessly nested document."""
    for name, value in next(HEADERS).items():
        case.headers.setdefault(name, value)
    calls["all"] += 1
    if calls["all"] % EVERY == 0 and isinstance(case.body, dict) and case.media_type == "application/json":
        case.body = {name: NESTED for name in case.body} or NESTED


@schemathesis.hook
def filter_body(context: Any, body: Any) -> bool:
    """Skip texts that are too long only because of signs that the API removes: they have their own tests."""
    texts = body.values() if isinstance(body, dict) else []
    return all(len(cleaned(text)) == len(text) for text in texts if isinstance(text, str))
