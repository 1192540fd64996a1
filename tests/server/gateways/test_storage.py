import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from server.gateways.sealing import KeyRing, SealBroken
from server.gateways.storage import DigestMismatch, DiskFull, Missing, Storage, StorageDown, TooLarge

MEGABYTE = 1024 * 1024
PROJECT = Path(__file__).parents[3]
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


@pytest.fixture(scope="session")
def s3_endpoint():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.put(f"{endpoint}/office").raise_for_status()
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield endpoint
    server.kill()
    server.wait()


def a_bucket(endpoint, folder):
    options = {"access_key_id": "a", "secret_access_key": "b", "region": "cn-north-1", "endpoint": endpoint}
    return Storage.at(f"s3://office/{secrets.token_hex(4)}", staging=folder, **options)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "storage"


@pytest.fixture(params=["folder", "bucket"])
def storage(request, folder):
    if request.param == "folder":
        return Storage.at(folder.as_uri())
    return a_bucket(request.getfixturevalue("s3_endpoint"), folder / ".staging")


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


async def test_a_phone_that_hangs_up_leaves_nothing(storage, folder):
    photo = secrets.token_bytes(2 * MEGABYTE)
    half_sent = asyncio.Event()

    async def a_phone_that_stalls():
        yield photo[:MEGABYTE]
        half_sent.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(
        storage.keep(
            a_phone_that_stalls(), folder="originals", expected_sha256=digest(photo), max_bytes=10 * MEGABYTE
        )
    )
    await half_sent.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files_under(folder) == []


async def test_hang_ups_at_any_moment_leave_a_whole_photo_or_none(folder):
    storage = Storage.at(folder.as_uri())
    for delay in range(60):
        upload = asyncio.create_task(kept(storage, secrets.token_bytes(300_000), seal=a_ring()))
        await asyncio.sleep(delay / 10_000)
        upload.cancel()
        await asyncio.wait([upload])
    assert files_under(folder / ".staging") == []
    for key in [key async for key in storage.keys("originals")]:
        assert digest(await storage.read(key, seal=a_ring())) == key.rsplit("/")[-1]


async def test_only_what_nobody_wrote_to_for_long_is_swept(folder):
    storage = Storage.at(folder.as_uri())
    for name, age in (("old", timedelta(days=2)), ("fresh", timedelta(minutes=5))):
        left = folder / ".staging" / f"{name}.part"
        left.write_bytes(b"half a photo")
        when = (datetime.now(UTC) - age).timestamp()
        os.utime(left, (when, when))
    receipt = await kept(storage, b"photo")

    assert await storage.sweep_staging(datetime.now(UTC) - timedelta(days=1)) == 1
    assert files_under(folder) == [".staging/fresh.part", receipt.key]


async def test_the_folder_is_private(folder):
    storage = Storage.at(folder.as_uri())
    receipt = await kept(storage, b"photo")
    for path in [folder, *(folder / receipt.key).parents][:3]:
        assert path.stat().st_mode & 0o077 == 0


async def test_a_bucket_that_is_down_says_so_and_leaves_nothing(folder):
    storage = a_bucket("http://127.0.0.1:9", folder)
    with pytest.raises(StorageDown):
        await storage.put("renditions/ab/one.jpg", b"photo")
    with pytest.raises(StorageDown):
        await storage.read("renditions/ab/one.jpg")
    assert files_under(folder) == []


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


UPLOADING = """
    import asyncio, resource, secrets, sys
    from hashlib import sha256
    from pathlib import Path
    from server.gateways.storage import Storage, DiskFull

    async def keep(storage, data, *, pause=False):
        async def sent():
            for start in range(0, len(data), 65536):
                yield data[start:start + 65536]
                if pause and start > len(data) // 2:
                    print("half", flush=True)
                    await asyncio.Event().wait()
        name = sha256(data).hexdigest()
        return await storage.keep(sent(), folder="originals", expected_sha256=name, max_bytes=10**8)

    storage = Storage.at(Path(sys.argv[1]).as_uri())
"""


def a_process(code, folder):
    program = textwrap.dedent(UPLOADING) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )


async def test_a_server_killed_in_the_middle_leaves_only_staging_files(folder):
    server = a_process(
        """
        asyncio.run(keep(storage, b"whole" * 1000))
        asyncio.run(keep(storage, secrets.token_bytes(2_000_000), pause=True))
        """,
        folder,
    )
    assert server.stdout.readline() == "half\n"
    os.kill(server.pid, signal.SIGKILL)
    server.wait()

    storage = Storage.at(folder.as_uri())
    whole = [key async for key in storage.keys("originals")]
    assert [await storage.read(key) for key in whole] == [b"whole" * 1000]
    left = [name for name in files_under(folder) if name not in whole]
    assert len(left) == 1
    assert left[0].startswith(".staging/")
    await storage.sweep_staging(datetime.now(UTC) + timedelta(seconds=1))
    assert files_under(folder) == whole


def test_a_file_system_that_takes_no_more_is_said_and_nothing_is_left(folder):
    server = a_process(
        """
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        asyncio.run(keep(storage, bytes(900_000)))
        try:
            asyncio.run(keep(storage, bytes(1_100_000)))
        except DiskFull:
            print("full", flush=True)
        """,
        folder,
    )
    assert server.communicate(timeout=30)[0] == "full\n"
    assert len(files_under(folder)) == 1


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small disk needs the right to mount; the limit on file sizes above tests the same")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


async def test_on_a_full_disk_every_photo_is_kept_or_refused_and_room_heals_it(small_disk):
    storage = Storage.at(small_disk.as_uri())
    receipts, refusals = [], 0
    while refusals < 5:
        try:
            receipts.append(await kept(storage, secrets.token_bytes(655_703), seal=a_ring()))
        except DiskFull:
            refusals += 1
    assert 8 < len(receipts) < 13
    assert files_under(small_disk) == sorted(receipt.key for receipt in receipts)
    for receipt in receipts:
        assert digest(await storage.read(receipt.key, seal=a_ring())) == receipt.sha256

    await storage.remove(receipts[0].key)
    assert await kept(storage, secrets.token_bytes(655_703))


async def test_keeping_a_650_kilobyte_photo_costs_little_work(folder):
    storage = Storage.at(folder.as_uri())
    photos = [secrets.token_bytes(655_703) for _ in range(20)]
    await kept(storage, b"warm")
    before = time.process_time()
    for photo in photos:
        await kept(storage, photo, seal=a_ring())
    assert (time.process_time() - before) / len(photos) < 0.015  # seconds; ≈ 0.004 on a quiet machine
