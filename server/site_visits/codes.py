"""Rotating codes: what a stop's screen shows in each half minute, and what a phone makes of it. Pure.

A screen's key is derived from the stop's and holds its window, so it shows nothing before and after. What the phone
sends is bound to its observer and to this one check-in: a captured one is of no use to anybody else.
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
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: none is taken for another
SHOWN = 10  # letters, 50 bits
SENT = 32  # hex digits
CODE = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})")
KEY_BYTES = 32


def new_scene() -> str:
    """The address in a stop's printed code: 24 of the 32 characters that a mini-program's scene may have."""
    return "v." + urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def new_key() -> str:
    """A stop's key, in hex."""
    return secrets.token_hex(KEY_BYTES)


def screen_key(stop_key: bytes, *, screen_id: UUID, shows_from: datetime, shows_until: datetime) -> bytes:
    """What the browser that shows the codes gets, once."""
    told = f"screen|{screen_id}|{int(shows_from.timestamp())}|{int(shows_until.timestamp())}"
    return hmac.digest(stop_key, told.encode(), sha256)


def step_at(moment: datetime) -> int:
    """The number of the half minute that a moment lies in."""
    return int(moment.timestamp()) // int(STEP.total_seconds())


def begin_of(step: int) -> datetime:
    """When a step began."""
    return datetime.fromtimestamp(step * int(STEP.total_seconds()), UTC)


def letters(key: bytes, step: int) -> str:
    """What a screen shows in a step."""
    number = int.from_bytes(hmac.digest(key, f"code|{step}".encode(), sha256)[:7]) >> 6
    return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(SHOWN)))


def sent_code(shown: str, *, step: int, observer_id: UUID, client_id: UUID) -> str:
    """What the phone of an observer sends of what it scanned."""
    told = f"{observer_id}|{client_id}"
    return f"{step}.{hmac.new(shown.encode(), told.encode(), sha256).hexdigest()[:SENT]}"


def step_of(code: str) -> int | None:
    """The step that a sent code names; None if it is no code at all."""
    match = CODE.fullmatch(code)
    return int(match[1]) if match else None


def is_right(code: str, keys: Iterable[bytes], *, observer_id: UUID, client_id: UUID) -> bool:
    """Whether one of these screens showed what the code was made of, to this observer for this check-in."""
    step = step_of(code)
    if step is None:
        return False
    rights = [
        sent_code(letters(key, step), step=step, observer_id=observer_id, client_id=client_id) for key in keys
    ]
    return any([hmac.compare_digest(code, right) for right in rights])
