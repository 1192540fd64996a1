"""Checks the bytes of every stored photo: renditions as they are, originals in sealed form; no keys are needed."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import asyncpg
import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from server.verifying.findings import Progress, Result

if TYPE_CHECKING:
    from obstore.store import ObjectStore

AT_ONCE = 8
SEALED, KEY_BYTES = b"SEAL\x01", {1: 32, 2: 16}  # the length of a file's own key by the suite's number
NONCE_AND_TAG, FRAME_LENGTH = 28, 4
# Two simultaneous uploads of the same picture seal it twice, and only one of the two is stored.
KEPT = """
SELECT key, array_agg(DISTINCT sealed_sha256) FILTER (WHERE sealed_sha256 IS NOT NULL) AS digests, true AS is_sealed
FROM photo GROUP BY key
UNION ALL SELECT key, array_agg(DISTINCT sha256), false FROM rendition WHERE withdrawn_at IS NULL GROUP BY key
ORDER BY key
"""


class NoStorage(Exception):
    """The address is not a storage."""


async def check_stored(
    connection: asyncpg.Connection, address: str, result: Result, progress: Progress
) -> None:
    """Read all stored photos and compare their digests. Raises NoStorage."""
    storage = _storage_at(address)
    kept = await connection.fetch(KEPT)
    for place, some in enumerate(_in_batches(kept)):
        progress.tell("照片", place * AT_ONCE, len(kept))
        result.faults += filter(None, await asyncio.gather(*(_fault_of(one, storage) for one in some)))
    progress.tell("照片", len(kept), len(kept))
    result.counted["stored"] = len(kept)
    if unknown := sum(one["digests"] is None for one in kept):
        result.hints.append(f"{unknown}张照片原件没有封存摘要（旧版收到的），只查了文件在不在。")


def _storage_at(address: str) -> "ObjectStore":
    parts = urlsplit(address)
    try:
        if parts.scheme == "file":
            return LocalStore(Path(unquote(parts.path)))
        if parts.scheme == "s3":
            return S3Store.from_url(address, client_options={"timeout": timedelta(seconds=30)})
    except (BaseError, ValueError) as error:
        raise NoStorage from error
    raise NoStorage


async def _fault_of(one: asyncpg.Record, storage: "ObjectStore") -> str | None:
    what = f"照片{'原件' if one['is_sealed'] else ''}{one['key']}"
    try:
        found = await obstore.get_async(storage, one["key"])
        digest = await _digest(found.stream(min_chunk_size=1024 * 1024), is_sealed=one["is_sealed"])
    except FileNotFoundError:
        return f"{what}的文件不在。"
    except (BaseError, OSError) as error:
        return f"{what}读不出来（{type(error).__name__}）。"
    except ValueError:
        return f"{what}的文件不是封存的照片。"
    return f"{what}的内容被改动。" if one["digests"] and digest not in one["digests"] else None


async def _digest(chunks: AsyncIterable[bytes], *, is_sealed: bool) -> str:
    digest, is_behind_the_head = hashlib.sha256(), not is_sealed
    async for chunk in chunks:
        data = bytes(chunk)
        digest.update(data if is_behind_the_head else data[_head_length(data) :])
        is_behind_the_head = True
    return digest.hexdigest()


def _head_length(start: bytes) -> int:
    """The head names the master key and contains the file's own wrapped key; a key rotation rewrites it."""
    if not start.startswith(SEALED) or len(start) < 8 or start[5] not in KEY_BYTES:
        raise ValueError
    return len(SEALED) + 2 + start[6] + FRAME_LENGTH + KEY_BYTES[start[5]] + NONCE_AND_TAG


def _in_batches(kept: list[asyncpg.Record]) -> Iterable[list[asyncpg.Record]]:
    return (kept[start : start + AT_ONCE] for start in range(0, len(kept), AT_ONCE))
