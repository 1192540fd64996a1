"""Helpers of the storage tests: sending, hashing and inspecting."""

import secrets
from hashlib import sha256

from server.gateways.sealing import KeyRing
from server.gateways.storage import Storage

MEGABYTE = 1024 * 1024
MASTER = secrets.token_bytes(32)


def a_ring(*, current="2026", keys=("2026",)):
    return KeyRing({key: MASTER for key in keys}, current=current, lookup_key=MASTER)


async def sent(data, *, size=65_536):
    for start in range(0, len(data), size):
        yield data[start : start + size]


def digest(data):
    return sha256(data).hexdigest()


async def kept(storage, data, *, max_bytes=10 * MEGABYTE, seal=None, announced=None):
    return await storage.keep(
        sent(data),
        folder="originals",
        expected_sha256=announced or digest(data),
        max_bytes=max_bytes,
        seal=seal,
    )


def files_under(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def a_bucket(endpoint, folder):
    options = {"access_key_id": "a", "secret_access_key": "b", "region": "cn-north-1", "endpoint": endpoint}
    return Storage.at(f"s3://office/{secrets.token_hex(4)}", staging=folder, **options)
