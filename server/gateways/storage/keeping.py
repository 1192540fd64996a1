"""Keeps bytes under their content address, reads them and deletes them."""

import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from server.gateways.sealing import (
    LONGEST_HEAD,
    KeyRing,
    Sealer,
    head_length,
    rewrap_chunks,
    unseal_chunks,
)
from server.gateways.storage.outcomes import DigestMismatch, Kept, Missing, StorageDown, room_expected
from server.gateways.storage.shelves import BucketShelf, FolderShelf, Shelf
from server.gateways.storage.staging import Parcel, Scales, Staging
from server.gateways.storage.threads import BATCH_BYTES, hand_over, in_thread

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

KEY = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*")
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")  # the library reads them by itself
SHA256 = re.compile(r"[0-9a-f]{64}")


class Storage:
    """Bytes under keys such as `originals/ab/abcdef…`; open a storage with `Storage.at(url, …)`."""

    def __init__(self, shelf: Shelf, *, staging: Staging) -> None:
        self._shelf = shelf
        self._staging = staging

    @classmethod
    def at(cls, url: str, *, staging: Path | None = None, **options: str) -> "Storage":
        """Open the storage at a `file:///…` or `s3://bucket/prefix` URL; any other URL is a ValueError.

        A folder stages inside itself, so that a rename suffices; a bucket needs a local `staging` folder.
        A bucket's `options` (region, endpoint, access_key_id …) default to the environment's AWS_… variables.
        """
        parts = urlsplit(url)
        if parts.scheme == "file":
            root = Path(unquote(parts.path))
            return cls(FolderShelf(root), staging=Staging(root / ".staging"))
        if parts.scheme != "s3" or staging is None:
            raise ValueError(f"cannot store at {parts.scheme}: (a bucket also needs a staging folder)")
        return cls(BucketShelf(_bucket(url, options)), staging=Staging(staging))

    async def keep(
        self,
        chunks: AsyncIterable[bytes],
        *,
        folder: str,
        expected_sha256: str,
        max_bytes: int,
        seal: KeyRing | None = None,
    ) -> Kept:
        """Keep a stream under the SHA-256 of its plain bytes; once it returns, the bytes survive a power cut.

        Raises DigestMismatch, TooLarge (in bytes), DiskFull or StorageDown, and then leaves nothing behind.
        Existing content is only hashed, never written again. `seal` binds it to its key.
        """
        key = address(folder, expected_sha256)
        scales = Scales(max_bytes)
        if await self.exists(key):
            await hand_over(chunks, scales.add)
            _check(scales, expected_sha256)
            return Kept(expected_sha256, scales.bytes, key, await self.sealed_sha256(key) if seal else "")

        with self._parcel(Sealer(seal, bound_to=key) if seal else None) as parcel:
            await hand_over(chunks, scales.add, parcel.add)
            _check(scales, expected_sha256)
            await in_thread(parcel.finish)
            # Concurrent uploads seal with different keys: all must return the digest of the one that stays.
            if await self._shelf.take_new(parcel.path, key=key):
                return Kept(expected_sha256, scales.bytes, key, parcel.sealed_sha256)
        return Kept(expected_sha256, scales.bytes, key, await self.sealed_sha256(key) if seal else "")

    async def keep_named(
        self,
        chunks: AsyncIterable[bytes],
        *,
        key: str,
        expected_sha256: str,
        max_bytes: int,
        seal: KeyRing,
        dated: datetime,
    ) -> Kept:
        """Keep a stream under a key that reveals nothing about its bytes, always written anew; raises like `keep`.

        In a folder the file has the date `dated`; existing content is not checked, so no response is faster.
        """
        scales = Scales(max_bytes)
        with self._parcel(Sealer(seal, bound_to=_checked(key))) as parcel:
            await hand_over(chunks, scales.add, parcel.add)
            _check(scales, expected_sha256)
            await in_thread(parcel.finish)
            os.utime(parcel.path, (dated.timestamp(), dated.timestamp()))
            await self._shelf.take(parcel.path, key=key)
        return Kept(expected_sha256, scales.bytes, key, parcel.sealed_sha256)

    async def put(self, key: str, data: bytes) -> None:
        """Store bytes under the caller's key, as durably as `keep`; earlier content is replaced atomically."""

        async def all_at_once() -> AsyncIterator[bytes]:
            yield data

        await self._write(all_at_once(), key=key)

    async def put_new(self, key: str, data: bytes, *, seal: KeyRing) -> bool:
        """Store bytes, sealed, under a key that is free; returns False, and writes nothing, if the key is taken."""
        with self._parcel(Sealer(seal, bound_to=_checked(key))) as parcel:
            await in_thread(parcel.add, data)
            await in_thread(parcel.finish)
            return await self._shelf.take_new(parcel.path, key=key)

    async def rewrap(self, key: str, *, ring: KeyRing) -> None:
        """Put a sealed object under the ring's current master key; its bytes are not encrypted again."""
        await self._write(rewrap_chunks(self.stream(key), ring=ring, bound_to=key), key=key)

    async def sealed_sha256(self, key: str) -> str:
        """Return the digest of a sealed object's frames, without keys. Raises Missing."""
        digest, start = hashlib.sha256(), b""
        async for chunk in self.stream(key):
            if len(start) < LONGEST_HEAD:
                start += chunk
                if len(start) < LONGEST_HEAD:
                    continue
                chunk = start[head_length(start) :]
            digest.update(chunk)
        if len(start) < LONGEST_HEAD:
            digest.update(start[head_length(start) :])
        return digest.hexdigest()

    async def read(self, key: str, *, seal: KeyRing | None = None) -> bytes:
        """Return all bytes under a key, opened with `seal` if it was sealed. Raises Missing, SealBroken."""
        return b"".join([chunk async for chunk in self.stream(key, seal=seal)])

    def stream(self, key: str, *, seal: KeyRing | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes under a key in pieces; a sealed stream is proven complete only at its end."""
        chunks = self._chunks(key)
        return unseal_chunks(chunks, ring=seal, bound_to=key) if seal else chunks

    async def exists(self, key: str) -> bool:
        with _bucket_expected():
            return await self._shelf.has(_checked(key))

    async def remove(self, key: str) -> None:
        """Delete what is stored under a key; an absent key is fine."""
        with _bucket_expected():
            try:
                await obstore.delete_async(self._shelf.store, _checked(key))
            except FileNotFoundError:
                return

    async def keys(self, folder: str, *, older_than: datetime | None = None) -> AsyncIterator[str]:
        """Yield every key under a folder such as `originals`, or only those last written before an instant."""
        async for key, written_at in self.written(folder):
            if older_than is None or written_at < older_than:
                yield key

    async def written(self, folder: str) -> AsyncIterator[tuple[str, datetime]]:
        """Yield every key under a folder with the instant it was last written."""
        with _bucket_expected():
            async for page in obstore.list(self._shelf.store, _checked(folder)):
                for thing in page:
                    yield thing["path"], thing["last_modified"]

    async def sweep_staging(self, older_than: datetime) -> int:
        """Remove what crashed uploads left and nobody has written to since that instant. Returns how many files."""
        return await in_thread(self._staging.sweep, older_than)

    def free_bytes(self) -> int:
        """Return the free space on the disk that uploads pass through."""
        return self._staging.free_bytes()

    async def _chunks(self, key: str) -> AsyncIterator[bytes]:
        with _bucket_expected():
            try:
                found = await obstore.get_async(self._shelf.store, _checked(key))
            except FileNotFoundError as error:
                raise Missing(key) from error
            async for chunk in found.stream(min_chunk_size=BATCH_BYTES):
                yield bytes(chunk)

    async def _write(self, chunks: AsyncIterable[bytes], *, key: str) -> None:
        _checked(key)
        with self._parcel() as parcel:
            await hand_over(chunks, parcel.add)
            await in_thread(parcel.finish)
            await self._shelf.take(parcel.path, key=key)

    @contextmanager
    def _parcel(self, sealer: Sealer | None = None) -> Iterator[Parcel]:
        with _bucket_expected(), room_expected():
            parcel = self._staging.parcel(sealer=sealer)
            try:
                yield parcel
            finally:
                parcel.discard()


def address(folder: str, sha256: str) -> str:
    """Return the address of content with this SHA-256: `originals/ab/abcdef…`. A malformed digest is a ValueError."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("a SHA-256 has 64 lower-case hex digits")
    return _checked(f"{folder}/{sha256[:2]}/{sha256}")


def _check(scales: Scales, expected_sha256: str) -> None:
    actual = scales.sha256()
    if actual != expected_sha256:
        raise DigestMismatch(actual)


def _checked(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(f"malformed storage key {key!r}")
    return key


def _bucket(url: str, options: Mapping[str, str]) -> S3Store:
    client: ClientConfig = {"timeout": timedelta(seconds=30)}
    endpoints = [options.get("endpoint"), *(os.environ.get(name) for name in ENDPOINTS)]
    if next(filter(None, endpoints), "").startswith("http://"):
        client["allow_http"] = True
    config = cast("S3Config", dict(options))
    patience: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
    return S3Store.from_url(url, config=config, client_options=client, retry_config=patience)


@contextmanager
def _bucket_expected() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        raise StorageDown(type(error).__name__) from error
