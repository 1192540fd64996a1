"""Guards: who may call a route. A route without a guard is never served (fail closed)."""

from dataclasses import dataclass

from models.vocabulary import SessionChannel
from server.people import Permission

JSON_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What a route requires before its body is read.

    `channel` None means public; `permission` None means any signed-in person. `max_bytes` None lifts the limit for
    a streaming handler that counts its own bytes. `per_minute` limits a person (or an address, if not signed in).
    """

    channel: SessionChannel | None
    permission: Permission | None = None
    max_bytes: int | None = JSON_BYTES
    per_minute: int = 120
    csrf: bool = False


def public(*, per_minute: int = 60, max_bytes: int | None = JSON_BYTES, csrf: bool = False) -> Guard:
    """Allow strangers; the short list of such routes is in tests/test_promises.py."""
    return Guard(channel=None, per_minute=per_minute, max_bytes=max_bytes, csrf=csrf)


def phone(
    permission: Permission | None = None, *, max_bytes: int | None = JSON_BYTES, per_minute: int = 240
) -> Guard:
    """Allow people signed in on the mini-program."""
    return Guard(
        channel=SessionChannel.PHONE, permission=permission, max_bytes=max_bytes, per_minute=per_minute
    )


def desk(
    permission: Permission | None = None, *, max_bytes: int | None = JSON_BYTES, csrf: bool = False
) -> Guard:
    """Allow people signed in on the console; set `csrf` on everything that changes something."""
    return Guard(
        channel=SessionChannel.CONSOLE, permission=permission, max_bytes=max_bytes, per_minute=600, csrf=csrf
    )
