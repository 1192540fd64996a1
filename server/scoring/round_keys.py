"""A round's key: outside the database, sealed, and destroyed at the seal; only this key joins judges and ballots.

A tag is made from one judge and one entry: a judge's tags have nothing in common, so their ballots can't be grouped.
"""

import hmac
import secrets
from collections.abc import AsyncIterator
from hashlib import sha256
from time import monotonic
from uuid import UUID

from server.gateways.storage import Missing
from server.scoring.refusals import RoundKeyLost
from server.tools import Tools

FOLDER = "round-keys"  # keep it out of backups and versioning
KEY_BYTES = 32
KEPT_SECONDS = 60.0

_known: dict[UUID, tuple[bytes, float]] = {}


async def make_key(round_id: UUID, *, tools: Tools) -> None:
    """Make the key of a new round; an existing key stays."""
    await tools.storage.put_new(_place(round_id), secrets.token_bytes(KEY_BYTES), seal=tools.keys)


async def key_of(round_id: UUID, *, tools: Tools) -> bytes:
    """Return the key of a round that is not sealed; cached for a minute. Raises RoundKeyLost."""
    key, until = _known.get(round_id, (b"", 0.0))
    if monotonic() < until:
        return key
    try:
        key = await tools.storage.read(_place(round_id), seal=tools.keys)
    except Missing as missing:
        raise RoundKeyLost from missing
    _known[round_id] = key, monotonic() + KEPT_SECONDS
    return key


async def destroy_key(round_id: UUID, *, tools: Tools) -> None:
    """Destroy a round's key; repeating it changes nothing."""
    forget_key(round_id)
    await tools.storage.remove(_place(round_id))


def forget_key(round_id: UUID) -> None:
    """Forget the key in this process once the round's state says it is destroyed."""
    _known.pop(round_id, None)


async def kept_keys(*, tools: Tools) -> AsyncIterator[UUID]:
    """Yield the rounds whose keys exist."""
    async for key in tools.storage.keys(FOLDER):
        yield UUID(key.rsplit("/", 1)[-1])


async def rewrap_keys(*, tools: Tools) -> None:
    """Wrap every round's key with the current master key."""
    async for round_id in kept_keys(tools=tools):
        await tools.storage.rewrap(_place(round_id), ring=tools.keys)


def tag_of(key: bytes, *, entry_id: UUID, judge_id: UUID) -> str:
    """Return the name of one judge's ballot for one entry."""
    return hmac.new(key, b"ballot" + entry_id.bytes + judge_id.bytes, sha256).hexdigest()


def device_mark(key: bytes, device: str) -> str:
    """Return what is kept of a phone with a ballot: a derivation used nowhere else, so it joins nothing."""
    return hmac.new(key, b"device of ballot" + device.encode(), sha256).hexdigest() if device else ""


def _place(round_id: UUID) -> str:
    return f"{FOLDER}/{round_id}"
