import asyncio
import os
import random
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from server.gateways.images import Kind, Mark, NotAPicture, PictureRenderer, Reason, RenderingFailed, render
from server.gateways.images.jpegs import MOST_PASSES
from server.gateways.images.render import Order

PROJECT = Path(__file__).parents[4]
MARK = Mark(at=datetime(2026, 11, 22, 2, 0, 5, tzinfo=UTC), code="7KQ4-M2XD", place="北京路")


@pytest.fixture
async def renderer():
    room = PictureRenderer(seconds=90)  # two cores may be busy with other tests
    yield room
    await room.close()


def child_of(room):
    return room._child.pid


def hurry(room, seconds):
    """Change how long a picture may take: a starting child on a busy machine needs longer than a test has."""
    room._seconds = seconds


def a_busy_picture(album):
    """Return the most allowed passes over 49 megapixels: half a second of CPU, five times `A_MOMENT`."""
    return album.of_scans(MOST_PASSES // (7000 * 7000))


A_MOMENT = 0.1  # seconds: a small picture takes four milliseconds


async def test_the_child_finds_what_the_functions_find(renderer, album):
    data = album.encoded(album.scene(), exif=album.camera_exif())
    assert await renderer.render(data, mark=MARK) == render(data, mark=MARK)


async def test_heic_is_developed(renderer, album):
    found = await renderer.render(album.heic)
    assert found.picture.kind is Kind.HEIF
    assert found.claims.latitude == 38.4872


async def test_a_refusal_comes_back_with_its_reason(renderer, album):
    for data, reason in [
        (b"", Reason.EMPTY),
        (b"GIF89a", Reason.NOT_ACCEPTED),
        (album.encoded(album.scene())[:5000], Reason.BROKEN),
        (album.png(10_000, 7_000, rows=b""), Reason.TOO_MANY_PIXELS),
    ]:
        with pytest.raises(NotAPicture) as refused:
            await renderer.render(data)
        assert refused.value.reason is reason


async def test_looking_tells_beforehand_what_developing_will_find(renderer, album):
    whole = album.encoded(album.scene())

    async def read(data=whole):
        return data

    await renderer.look(read)
    with pytest.raises(NotAPicture) as refused:
        await renderer.look(lambda: read(b"GIF89a"))
    assert refused.value.reason is Reason.NOT_ACCEPTED


async def test_a_second_time_out_is_final(album):
    room = PictureRenderer(seconds=0.001)

    async def read():
        return album.encoded(album.scene())

    with pytest.raises(NotAPicture) as refused:
        await room.look(read)
    assert refused.value.reason is Reason.TOO_HEAVY
    await room.close()


async def test_many_at_once_stand_in_line_for_one_child(renderer, album):
    pictures = [album.encoded(album.quadrants(100 + number, 100)) for number in range(8)]
    found = await asyncio.gather(*(renderer.render(data) for data in pictures))
    assert [one.picture.width for one in found] == list(range(100, 108))
    child = child_of(renderer)
    await renderer.render(pictures[0])
    assert child_of(renderer) == child


async def test_a_picture_that_takes_too_long_is_given_up_and_the_next_one_works(album):
    room = PictureRenderer(seconds=90)
    good = album.encoded(album.quadrants())
    await room.render(good)
    child = child_of(room)
    hurry(room, A_MOMENT)
    with pytest.raises(RenderingFailed, match="TimeoutError"):
        await room.render(a_busy_picture(album))
    assert not Path(f"/proc/{child}").exists()
    hurry(room, 90)
    assert (await room.render(good)).picture.width == 480
    await room.close()


async def test_only_the_time_of_the_processor_condemns_a_picture_on_a_busy_machine(album):
    room = PictureRenderer(seconds=90, cpu_seconds=A_MOMENT)
    with pytest.raises(RenderingFailed, match="IncompleteReadError"):  # the child ended in the middle of it
        await room.render(a_busy_picture(album))
    assert (await room.render(album.encoded(album.quadrants()))).picture.width == 480
    await room.close()


def test_a_child_whose_parent_is_gone_ends_by_its_own_alarm(album):
    order = msgspec.msgpack.encode(Order(a_busy_picture(album), None, {"large": 1600}))
    child = subprocess.Popen(
        [sys.executable, "-m", "server.gateways.images", "288", str(A_MOMENT), "90"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
    )
    child.stdin.write(len(order).to_bytes(4, "big") + order)
    child.stdin.flush()
    assert child.wait(timeout=30) == -signal.SIGALRM


async def test_only_a_fresh_child_may_condemn_a_picture(renderer, album):
    await renderer.render(album.heic)
    tired, room = child_of(renderer), 40 * 1024 * 1024
    resource.prlimit(tired, resource.RLIMIT_DATA, (room, room))
    assert (await renderer.render(album.png(5000, 5000))).picture.width == 5000
    assert child_of(renderer) != tired


async def test_a_child_that_dies_is_replaced(renderer, album):
    good = album.encoded(album.quadrants())
    await renderer.render(good)
    first = child_of(renderer)
    work = asyncio.create_task(renderer.render(album.png(7000, 7000)))
    await asyncio.sleep(0.05)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(RenderingFailed):
        await work
    assert (await renderer.render(good)).picture.width == 480
    assert child_of(renderer) != first


async def test_a_cancelled_order_does_not_answer_the_next_one(renderer, album):
    await renderer.render(album.encoded(album.quadrants()))
    work = asyncio.create_task(renderer.render(album.png(7000, 7000)))
    await asyncio.sleep(0.05)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert (await renderer.render(album.encoded(album.quadrants()))).picture.width == 480


async def test_a_child_without_room_refuses_and_lives_on(album):
    room = PictureRenderer(megabytes=100)
    with pytest.raises(NotAPicture) as refused:
        await room.render(album.png(7000, 7000))
    assert refused.value.reason is Reason.TOO_HEAVY
    assert (await room.render(album.encoded(album.quadrants()))).picture.width == 480
    await room.close()


async def test_fifty_megapixels_are_developed_in_three_hundred_megabytes(renderer, album):
    await renderer.render(album.heic)  # a warm child has as much memory
    for data in (album.png(8160, 6120), album.png(8160, 6120, colour=6)):
        found = await renderer.render(data)
        assert (found.renditions[0].width, found.renditions[0].height) == (1600, 1200)
        assert peak_megabytes(child_of(renderer)) <= 300


def peak_megabytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


async def test_the_child_knows_no_secret_and_writes_no_file(renderer, album, monkeypatch):
    monkeypatch.setenv("MASTER_KEYS", "canary")
    await renderer.render(album.heic)
    assert b"canary" not in Path(f"/proc/{child_of(renderer)}/environ").read_bytes()
    limits = Path(f"/proc/{child_of(renderer)}/limits").read_text().splitlines()
    assert next(line.split()[-3:-1] for line in limits if line.startswith("Max file size")) == ["0", "0"]


async def test_closing_leaves_no_child_behind(album):
    room = PictureRenderer(seconds=90)  # two cores may be busy with other tests
    await room.render(album.heic)
    child = child_of(room)
    await room.close()
    await room.close()
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize("kind", ["HEIC", "JPEG", "PNG"])
async def test_pictures_with_random_bytes_altered_harm_nobody(renderer, album, kind):
    whole = (
        album.heic if kind == "HEIC" else album.encoded(album.scene(160, 120), kind, exif=album.camera_exif())
    )
    chance = random.Random(kind)
    answered = 0
    for _ in range(25):
        altered = bytearray(whole)
        for _ in range(chance.choice([1, 3, 20])):
            altered[chance.randrange(len(altered))] = chance.randrange(256)
        try:
            found = await renderer.render(bytes(altered), mark=MARK)
        except (NotAPicture, RenderingFailed):
            answered += 1
            continue
        answered += all(album.has_no_metadata(one.data) for one in found.renditions)
    assert answered == 25
