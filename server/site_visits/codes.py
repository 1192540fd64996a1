"""Rotating codes: what a stop's screen shows in each half minute, and what a phone makes of it. Pure.

A screen's key is derived from the stop's and holds its window, so it shows nothing before and after. What the phone
sends is bound to its observer and to this one check-in: a captured code is useless to anybody else.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

STEP = timedelta(seconds=30)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no letter looks like another
SHOWN = 10  # letters, 50 bits
SENT = 32  # hex digits
CODE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})")
KEY_BYTES = 32


def new_scene() -> str:
    """Return the address in a stop's printed code: 24 of the 32 characters that a mini-program's scene may have."""
    return "v." + urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def new_key() -> str:
    """Generate a stop's key, in hex."""
    return secrets.token_hex(KEY_BYTES)


def screen_key(stop_key: bytes, *, screen_id: UUID, shows_from: datetime, shows_until: datetime) -> bytes:
    """Return the key that the browser showing the codes gets, once."""
    told = f"screen|{screen_id}|{int(shows_from.timestamp())}|{int(shows_until.timestamp())}"
    return hmac.digest(stop_key, told.encode(), sha256)


def step_at(moment: datetime) -> int:
    """Return the number of a moment's half minute."""
    return int(moment.timestamp()) // int(STEP.total_seconds())


def begin_of(step: int) -> datetime:
    """Return when a step began."""
    return datetime.fromtimestamp(step * int(STEP.total_seconds()), UTC)


def letters(key: bytes, step: int) -> str:
    """Return what a screen shows in a step."""
    number = int.from_bytes(hmac.digest(key, f"code|{step}".encode(), sha256)[:7]) >> 6
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(SHOWN)))


def sent_code(shown: str, *, step: int, observer_id: UUID, client_id: UUID) -> str:
    """Return what an observer's phone sends after scanning a code."""
    told = f"{observer_id}|{client_id}"
    return f"{step}.{hmac.new(shown.encode(), told.encode(), sha256).hexdigest()[:SENT]}"


def step_of(code: str) -> int | None:
    """Return the step that a sent code names; None if it is not a code."""
    match = CODE.fullmatch(code)
    return int(match[1]) if match else None


def is_right(code: str, keys: Iterable[bytes], *, observer_id: UUID, client_id: UUID) -> bool:
    """Whether one of these screens showed the scanned code, to this observer for this check-in."""
    step = step_of(code)
    if step is None:
        return False
    rights = [
        sent_code(letters(key, step), step=step, observer_id=observer_id, client_id=client_id) for key in keys
    ]
    return any([hmac.compare_digest(code, right) for right in rights])
