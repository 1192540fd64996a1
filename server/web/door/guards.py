"""Who is let to a route. A route without a guard is never served: the door fails closed."""

from dataclasses import dataclass

from models.vocabulary import SessionChannel
from server.people import Permission

JSON_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What a route asks of its actor before a byte of the body is read.

    `channel` None means public; `permission` None means any signed-in person. `max_bytes` None lifts the limit for
    a streaming handler that counts itself. `per_minute` limits a person (or, unsigned, an address).
    """

    channel: SessionChannel | None
    permission: Permission | None = None
    max_bytes: int | None = JSON_BYTES
    per_minute: int = 120
    csrf: bool = False


def public(*, per_minute: int = 60, max_bytes: int | None = JSON_BYTES, csrf: bool = False) -> Guard:
    """Open to strangers; such routes stand on the short list in tests/test_promises.py."""
    return Guard(channel=None, per_minute=per_minute, max_bytes=max_bytes, csrf=csrf)


def phone(
    permission: Permission | None = None, *, max_bytes: int | None = JSON_BYTES, per_minute: int = 240
) -> Guard:
    """For people signed in on the mini-program."""
    return Guard(
        channel=SessionChannel.PHONE, permission=permission, max_bytes=max_bytes, per_minute=per_minute
    )


def desk(
    permission: Permission | None = None, *, max_bytes: int | None = JSON_BYTES, csrf: bool = False
) -> Guard:
    """For people signed in on the console; `csrf` on everything that changes something."""
    return Guard(
        channel=SessionChannel.CONSOLE, permission=permission, max_bytes=max_bytes, per_minute=600, csrf=csrf
    )
