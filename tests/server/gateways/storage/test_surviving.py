"""Hang-ups, kills and full disks: a photo is kept whole or not at all."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.gateways.storage import DiskFull, Storage
from server.gateways.storage.threads import in_thread
from tests.server.gateways.storage.sending import MEGABYTE, a_ring, digest, files_under, kept

PROJECT = Path(__file__).parents[4]


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


async def test_a_hang_up_waits_for_the_thread_that_is_writing():
    begun, may_end, deeds = threading.Event(), threading.Event(), []

    def write():
        begun.set()
        may_end.wait()
        deeds.append("written")

    upload = asyncio.create_task(in_thread(write))
    await asyncio.to_thread(begun.wait)
    upload.cancel()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert deeds == ["written"]


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
