"""Shelves: where finished parcels get their address: a local folder, or a bucket that speaks S3."""

import os
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, S3Store

from server.gateways.storage.outcomes import room_expected
from server.gateways.storage.threads import in_thread


class Shelf(Protocol):
    @property
    def store(self) -> ObjectStore: ...
    async def has(self, key: str) -> bool: ...
    async def take(self, parcel: Path, *, key: str) -> None: ...
    async def take_new(self, parcel: Path, *, key: str) -> bool: ...


class FolderShelf:
    """Takes a parcel by renaming it, and returns only once the folder itself is on the disk."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root
        self.store: ObjectStore = LocalStore(root)
        self._durable = {root}

    async def has(self, key: str) -> bool:
        return self._lies(key)

    async def take(self, parcel: Path, *, key: str) -> None:
        await in_thread(self._move, parcel, self.root / key)

    async def take_new(self, parcel: Path, *, key: str) -> bool:
        """Give a parcel a free address; of several concurrent calls one returns True."""
        return await in_thread(self._link, parcel, self.root / key)

    def _link(self, parcel: Path, target: Path) -> bool:
        with room_expected():
            self._make_durable(target.parent)
            try:
                target.hardlink_to(parcel)
                is_new = True
            except FileExistsError:
                is_new = False
            _sync_folder(target.parent)  # the other call may not have synced yet
            return is_new

    def _lies(self, key: str) -> bool:
        return (self.root / key).is_file()

    def _move(self, parcel: Path, target: Path) -> None:
        with room_expected():
            self._make_durable(target.parent)
            parcel.replace(target)
            _sync_folder(target.parent)

    def _make_durable(self, folder: Path) -> None:
        # Two uploads may create a folder at once: neither may rely on it before its own fsync of the parent.
        if folder in self._durable:
            return
        self._make_durable(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)
        self._durable.add(folder)


class BucketShelf:
    """Takes a parcel by uploading it; the bucket shows an object only when it is complete."""

    def __init__(self, store: S3Store) -> None:
        self.store: ObjectStore = store

    async def has(self, key: str) -> bool:
        try:
            await obstore.head_async(self.store, key)
        except FileNotFoundError:
            return False
        return True

    async def take(self, parcel: Path, *, key: str) -> None:
        await obstore.put_async(self.store, key, parcel)

    async def take_new(self, parcel: Path, *, key: str) -> bool:
        """Upload a parcel to a free address (If-None-Match); of several concurrent calls one returns True."""
        try:
            await obstore.put_async(self.store, key, parcel, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
