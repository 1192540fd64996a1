"""Known browsers: those in which a user has signed in before, or which a manager of people has introduced.

A strange browser may be anybody's, so all strange browsers share the sign-in attempts for a user name; a known one
has its own. Guessing passwords from outside therefore locks nobody out at their own desk. A mark proves nothing else.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from server.gateways.sealing import KeyRing

MOST_MARKS = 5  # per browser: colleagues share a desk
LINK_HOLDS = timedelta(hours=1)
NAME_BYTES = 12


def new_mark(username: str, *, keys: KeyRing, name: str | None = None) -> str:
    """Return the mark a browser keeps after a sign-in: a random name and its seal, bound to the user name."""
    name = name or secrets.token_hex(NAME_BYTES)
    return f"{name}.{_seal(username, name, keys=keys, kind='browser')}"


def known_name(marks: str, username: str, *, keys: KeyRing) -> str | None:
    """Return the name under which this browser is known to a user, or None if it is strange."""
    for mark in marks.split("~")[:MOST_MARKS]:
        name, _, seal = mark.partition(".")
        if hmac.compare_digest(seal.encode(), _seal(username, name, keys=keys, kind="browser").encode()):
            return name
    return None


def with_mark(marks: str, mark: str) -> str:
    """Add a mark to those of a browser; above the limit the oldest is dropped."""
    others = [one for one in marks.split("~") if one and one != mark]
    return "~".join([mark, *others][:MOST_MARKS])


def introduction(username: str, *, keys: KeyRing, now: datetime) -> str:
    """Return the content of a link that makes one more browser known to a user, valid for an hour."""
    until, name = int((now + LINK_HOLDS).timestamp()), secrets.token_hex(NAME_BYTES)
    return f"{until}.{name}.{_seal(username, f'{until}.{name}', keys=keys, kind='introduction')}"


def introduced(word: str, username: str, *, keys: KeyRing, now: datetime) -> str | None:
    """Return the mark for a browser with a valid introduction; however often it is used, the mark is the same."""
    told, _, seal = word.rpartition(".")
    until, _, name = told.partition(".")
    fits = hmac.compare_digest(seal.encode(), _seal(username, told, keys=keys, kind="introduction").encode())
    if not fits or now.timestamp() >= int(until):
        return None
    return new_mark(username, keys=keys, name=name)


def _seal(username: str, text: str, *, keys: KeyRing, kind: str) -> str:
    return keys.lookup(f"{username}\0{text}", kind=kind)
