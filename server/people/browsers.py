"""Known browsers: where somebody has signed in before, or whoever manages people says so.

A strange browser may be anybody's, so all strange ones share what may be tried for a name; a known one has its own
tries. Whoever guesses passwords from outside thus stops nobody at his own desk. A mark proves nothing else.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from server.gateways.sealing import KeyRing

MOST_MARKS = 5  # of one browser: colleagues share a desk
LINK_HOLDS = timedelta(hours=1)
NAME_BYTES = 12


def new_mark(username: str, *, keys: KeyRing, name: str | None = None) -> str:
    """What a browser keeps after a sign-in: a name by chance and its seal, bound to the user name."""
    name = name or secrets.token_hex(NAME_BYTES)
    return f"{name}.{_seal(username, name, keys=keys, kind='browser')}"


def known_name(marks: str, username: str, *, keys: KeyRing) -> str | None:
    """The name under which this browser is known to a user, None if it is strange."""
    for mark in marks.split("~")[:MOST_MARKS]:
        name, _, seal = mark.partition(".")
        if hmac.compare_digest(seal.encode(), _seal(username, name, keys=keys, kind="browser").encode()):
            return name
    return None


def with_mark(marks: str, mark: str) -> str:
    """The marks of a browser with one more; of too many the oldest goes."""
    others = [one for one in marks.split("~") if one and one != mark]
    return "~".join([mark, *others][:MOST_MARKS])


def introduction(username: str, *, keys: KeyRing, now: datetime) -> str:
    """What a link holds that makes one more browser known to a user, within an hour."""
    until, name = int((now + LINK_HOLDS).timestamp()), secrets.token_hex(NAME_BYTES)
    return f"{until}.{name}.{_seal(username, f'{until}.{name}', keys=keys, kind='introduction')}"


def introduced(word: str, username: str, *, keys: KeyRing, now: datetime) -> str | None:
    """The mark for a browser that comes with a valid introduction: however often it is used, one mark."""
    told, _, seal = word.rpartition(".")
    until, _, name = told.partition(".")
    fits = hmac.compare_digest(seal.encode(), _seal(username, told, keys=keys, kind="introduction").encode())
    if not fits or now.timestamp() >= int(until):
        return None
    return new_mark(username, keys=keys, name=name)


def _seal(username: str, text: str, *, keys: KeyRing, kind: str) -> str:
    return keys.lookup(f"{username}\0{text}", kind=kind)
