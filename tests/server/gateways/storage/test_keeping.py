import asyncio
import os
import secrets
import time

import pytest

from server.gateways.sealing import SealBroken
from server.gateways.storage import DigestMismatch, Missing, Storage, StorageDown, TooLarge
from tests.server.gateways.storage.sending import MEGABYTE, a_bucket, a_ring, digest, files_under, kept, sent


@pytest.mark.parametrize("length", [0, 1, 655_703, 6 * MEGABYTE])
async def test_a_photo_comes_back_as_it_went(storage, folder, length):
    photo = secrets.token_bytes(length)
    receipt = await kept(storage, photo)
    name = digest(photo)
    assert (receipt.sha256, receipt.bytes, receipt.key) == (name, length, f"originals/{name[:2]}/{name}")
    assert await storage.read(receipt.key) == photo
    assert b"".join([chunk async for chunk in storage.stream(receipt.key)]) == photo
    assert files_under(folder / ".staging") == []


async def test_a_sealed_photo_lies_unreadable_and_comes_back_whole(storage):
    photo = b"\xff\xd8" + bytes(300_000)
    receipt = await kept(storage, photo, seal=a_ring())
    assert receipt.sha256 == digest(photo)
    assert bytes(100) not in await storage.read(receipt.key)
    assert await storage.read(receipt.key, seal=a_ring()) == photo


async def test_a_sealed_photo_copied_over_another_does_not_open(storage):
    first = await kept(storage, b"first", seal=a_ring())
    second = await kept(storage, b"second", seal=a_ring())
    await storage.put(second.key, await storage.read(first.key))
    with pytest.raises(SealBroken):
        await storage.read(second.key, seal=a_ring())


async def test_after_a_key_rotation_originals_are_rewrapped(storage):
    receipt = await kept(storage, b"photo" * 100_000, seal=a_ring())
    await storage.rewrap(receipt.key, ring=a_ring(current="2027", keys=("2026", "2027")))
    assert await storage.read(receipt.key, seal=a_ring(current="2027", keys=("2027",))) == b"photo" * 100_000
    with pytest.raises(SealBroken):
        await storage.read(receipt.key, seal=a_ring())


async def test_other_bytes_than_announced_are_refused_with_their_true_digest(storage, folder):
    with pytest.raises(DigestMismatch) as refused:
        await kept(storage, b"what came", announced=digest(b"what was announced"))
    assert refused.value.actual == digest(b"what came")
    assert [key async for key in storage.keys("originals")] == []
    assert files_under(folder) == []


async def test_a_photo_at_the_limit_is_kept_and_one_byte_more_is_not(storage, folder):
    await kept(storage, bytes(700_000), max_bytes=700_000)
    with pytest.raises(TooLarge) as refused:
        await kept(storage, bytes(700_001), max_bytes=700_000)
    assert refused.value.limit == 700_000
    assert files_under(folder / ".staging") == []


async def test_reading_stops_where_a_photo_becomes_too_large(storage):
    read = []

    async def endless():
        while True:
            read.append(65_536)
            yield bytes(65_536)

    with pytest.raises(TooLarge):
        await storage.keep(endless(), folder="originals", expected_sha256="0" * 64, max_bytes=MEGABYTE)
    assert sum(read) < 2 * MEGABYTE


async def test_the_same_photo_again_writes_nothing(storage, folder):
    photo = secrets.token_bytes(655_703)
    first = await kept(storage, photo)

    async def watched():
        async for chunk in sent(photo):
            assert files_under(folder / ".staging") == []
            yield chunk

    again = await storage.keep(
        watched(), folder="originals", expected_sha256=first.sha256, max_bytes=MEGABYTE
    )
    assert again == first


async def test_knowing_a_digest_is_not_having_the_photo(storage):
    first = await kept(storage, b"mine")
    with pytest.raises(DigestMismatch):
        await kept(storage, b"guessed", announced=first.sha256)


async def test_five_uploads_of_one_photo_at_once_leave_one(storage, folder):
    photo = secrets.token_bytes(655_703)
    receipts = await asyncio.gather(*(kept(storage, photo, seal=a_ring()) for _ in range(5)))
    assert len(set(receipts)) == 1
    assert [key async for key in storage.keys("originals")] == [receipts[0].key]
    assert await storage.read(receipts[0].key, seal=a_ring()) == photo
    assert files_under(folder / ".staging") == []


async def test_a_rendition_is_put_replaced_and_removed(storage):
    await storage.put("renditions/ab/one.jpg", b"first")
    await storage.put("renditions/ab/one.jpg", b"second")
    assert await storage.read("renditions/ab/one.jpg") == b"second"
    assert await storage.exists("renditions/ab/one.jpg")

    await storage.remove("renditions/ab/one.jpg")
    await storage.remove("renditions/ab/one.jpg")

    assert not await storage.exists("renditions/ab/one.jpg")
    with pytest.raises(Missing):
        await storage.read("renditions/ab/one.jpg")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".staging/x", "a/.b", "ä", "a\0b", "a b"]
)
async def test_a_key_cannot_leave_its_folder(storage, key):
    for deed in (storage.read(key), storage.put(key, b""), storage.remove(key), storage.exists(key)):
        with pytest.raises(ValueError, match="key"):
            await deed


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "\n"])
async def test_a_malformed_digest_is_no_address(storage, name):
    with pytest.raises(ValueError, match="SHA-256"):
        await storage.keep(sent(b""), folder="originals", expected_sha256=name, max_bytes=1)


async def test_the_folder_is_private(folder):
    storage = Storage.at(folder.as_uri())
    receipt = await kept(storage, b"photo")
    shard = (folder / receipt.key).parent
    for path in (folder, folder / ".staging", shard, shard.parent):
        assert path.stat().st_mode & 0o077 == 0


async def test_a_bucket_that_is_down_says_so_and_leaves_nothing(folder):
    storage = a_bucket("http://127.0.0.1:9", folder)
    with pytest.raises(StorageDown):
        await storage.put("renditions/ab/one.jpg", b"photo")
    with pytest.raises(StorageDown):
        await storage.read("renditions/ab/one.jpg")
    assert files_under(folder) == []


async def test_a_bucket_may_be_named_by_the_environment(s3_endpoint, folder, monkeypatch):
    words = {"ENDPOINT": s3_endpoint, "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "REGION": "cn-north-1"}
    for name, value in words.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    storage = Storage.at("s3://office/environment", staging=folder)
    await storage.put("renditions/ab/one.jpg", b"photo")
    assert await storage.read("renditions/ab/one.jpg") == b"photo"


@pytest.mark.parametrize("url", ["ftp://office/x", "s3://office", "memory:///", "", "/var/storage"])
def test_storage_is_a_folder_or_a_bucket(url):
    with pytest.raises(ValueError, match="cannot store"):
        Storage.at(url)


def test_the_room_left_is_the_disks(folder):
    storage = Storage.at(folder.as_uri())
    assert (
        0
        < storage.free_bytes()
        == pytest.approx(os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize, rel=0.1)
    )


async def test_keeping_a_650_kilobyte_photo_costs_little_work(folder):
    storage = Storage.at(folder.as_uri())
    photos = [secrets.token_bytes(655_703) for _ in range(20)]
    await kept(storage, b"warm")
    before = time.process_time()
    for photo in photos:
        await kept(storage, photo, seal=a_ring())
    assert (time.process_time() - before) / len(photos) < 0.015  # seconds; ≈ 0.004 on a quiet machine
