"""A picture's cost is estimated from its header, before anybody waits for it."""

import asyncio

import pytest

from server.gateways.images import LineTooLong, NotAPicture, PictureRenderer, Reason, cost_of
from server.gateways.images.jpegs import MOST_PASSES, MOST_SCANS


def test_more_pixels_more_passes_and_more_bytes_cost_more(album):
    once = cost_of(album.jpeg_claiming(4000, 3000))
    assert once < cost_of(album.jpeg_claiming(8000, 6000))
    assert once < cost_of(album.jpeg_claiming(4000, 3000, scans=30))
    assert once < cost_of(album.jpeg_claiming(4000, 3000) + bytes(1_000_000))
    assert cost_of(album.png(400, 300)) < cost_of(album.png(4000, 3000, rows=b""))


def test_a_phone_s_photo_costs_a_tenth_of_the_costliest_that_is_taken(album):
    costliest = album.jpeg_claiming(7000, 7000, scans=MOST_PASSES // 7000**2)
    assert cost_of(album.encoded(album.scene())) * 10 < cost_of(costliest)


def test_what_would_be_refused_for_its_passes_is_refused_at_once(album):
    passes = MOST_PASSES // (10_000 * 8_000)
    assert cost_of(album.jpeg_claiming(10_000, 8_000, scans=passes))
    for picture in (
        album.jpeg_claiming(10_000, 8_000, scans=passes + 1),
        album.of_scans(MOST_SCANS + 1, 80, 60),
    ):
        with pytest.raises(NotAPicture) as refused:
            cost_of(picture)
        assert refused.value.reason is Reason.TOO_HEAVY


@pytest.mark.parametrize("junk", [b"\xff\xd8\xff\xe0junk", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xc0\0\x11"])
def test_a_head_that_says_nothing_costs_something_and_is_left_to_the_decoder(junk):
    assert cost_of(junk) >= 1


async def test_whose_turn_does_not_come_in_time_is_told_so_and_the_next_one_is_looked_at(album):
    room = PictureRenderer(seconds=90, patience=0.05)
    picture = album.encoded(album.quadrants())
    is_reading, go_on = asyncio.Event(), asyncio.Event()

    async def read_slowly():
        is_reading.set()
        await go_on.wait()
        return picture

    first = asyncio.create_task(room.look(read_slowly))
    await is_reading.wait()
    with pytest.raises(LineTooLong):
        await room.look(read_slowly)
    go_on.set()
    await first
    await room.look(read_slowly)
    await room.close()
