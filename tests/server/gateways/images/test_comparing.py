"""A picture is compared with ours: saved again is the same, altered is not, in whatever way."""

from random import Random

import pytest
from PIL import Image

from server.gateways.images import Compared, Likeness, NotAPicture, PictureRenderer, Reason, compare
from server.gateways.images.comparing import FIELDS, LEAST, MOST_PIXELS, boxes_of
from server.gateways.images.watermark import band_top
from tests.saved_again import altered, encoded, opened, renditions, saved_again, scenes

SAME = {Likeness.RESAVED, Likeness.TURNED}


@pytest.fixture(scope="module")
def published():
    """Some photos of the measured set, as they are published."""
    return [renditions(photo) for photo in list(scenes(8, seed=20261127))[::3]]


def test_a_picture_saved_again_is_the_same(published):
    for number, ours in enumerate(published):
        made = saved_again(opened(ours[number % 2]), by=Random(number))
        found = {name: compare(data, ours).likeness for name, data in made.items()}
        assert {name for name, likeness in found.items() if likeness not in SAME} == set()
        assert found["turned"] is Likeness.TURNED
        assert found["turned by EXIF"] is Likeness.RESAVED


def test_an_altered_picture_is_not(published):
    for ours in published:
        made = altered(opened(ours[0]), by=Random(7))
        found = {name: compare(data, ours).likeness for name, data in made.items()}
        assert {name for name, likeness in found.items() if likeness in SAME} == set()
        assert found["a numeral in the mark"] is Likeness.MARK_CHANGED
        assert found["cut at one side"] is found["cut at the foot"] is Likeness.CROPPED


@pytest.mark.parametrize("turn", [None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270])
def test_the_place_that_was_altered_is_told_as_it_lies_in_the_picture_in_hand(published, turn):
    picture = opened(published[0][0])
    spot = (picture.width // 2, picture.height // 4)
    side = picture.height // 12
    lone = Image.new("L", picture.size)
    lone.paste(255, (*spot, spot[0] + side, spot[1] + side))
    picture.paste("magenta", (*spot, spot[0] + side, spot[1] + side))
    picture, lone = (one if turn is None else one.transpose(turn) for one in (picture, lone))

    found = compare(encoded(picture, quality=80), published[0])

    assert found.likeness is Likeness.CHANGED
    (box,) = found.differs
    where = lone.getbbox()
    wanted = (where[0] / lone.width, where[1] / lone.height, where[2] / lone.width, where[3] / lone.height)
    assert all(abs(one - other) <= 1 / FIELDS for one, other in zip(box, wanted, strict=True))
    assert box[0] <= wanted[0] + 0.01
    assert box[2] >= wanted[2] - 0.01


def test_another_picture_is_told_from_an_altered_one_and_nobody_is_told_where(published):
    assert compare(published[1][0], published[0]) in (Compared(Likeness.ANOTHER), Compared(Likeness.CROPPED))

    grey = opened(published[0][0])
    top = band_top(grey)
    grey.paste("grey", (0, 0, grey.width, top))  # the code and the mark alone reveal nothing else
    assert compare(encoded(grey), published[0]) == Compared(Likeness.ANOTHER)


def test_a_photo_without_its_mark_differs_there_alone(published):
    photo = next(iter(scenes(1, seed=20261127)))
    found = compare(photo, published[0])
    assert found.likeness is Likeness.MARK_CHANGED
    assert min(box[1] for box in found.differs) >= 0.6


def test_what_is_too_small_to_tell_is_not_judged(published):
    picture = opened(published[0][0])

    def of(longest):
        return encoded(picture.resize((longest, round(longest * picture.height / picture.width))))

    assert compare(of(LEAST), published[0]).likeness is Likeness.RESAVED
    assert compare(of(LEAST - 1), published[0]) == Compared(Likeness.TOO_SMALL)


def test_more_pixels_than_a_rendition_saved_again_has_are_not_decoded(album, published):
    side = 5_100
    assert (side - 1) ** 2 <= MOST_PIXELS < side**2
    with pytest.raises(NotAPicture) as refused:
        compare(album.png(side, side, rows=b""), published[0])
    assert refused.value.reason is Reason.TOO_MANY_PIXELS
    with pytest.raises(NotAPicture) as refused:
        compare(album.png(side - 1, side - 1, rows=b""), published[0])
    assert refused.value.reason is Reason.BROKEN


def test_fields_that_touch_are_one_box_and_the_largest_comes_first():
    fields = Image.new("L", (FIELDS, FIELDS))
    for place in [(0, 0), (5, 5), (6, 6), (6, 7)]:
        fields.putpixel(place, 255)
    unit = 1 / FIELDS
    assert boxes_of(fields) == [
        pytest.approx((5 * unit, 5 * unit, 7 * unit, 8 * unit)),
        pytest.approx((0, 0, unit, unit)),
    ]


async def test_the_child_finds_what_the_function_finds(published):
    room = PictureRenderer(seconds=90)
    try:
        data = encoded(opened(published[0][0]), quality=60)
        assert await room.compare(data, ours=published[0]) == compare(data, published[0])
        with pytest.raises(NotAPicture) as refused:
            await room.compare(b"GIF89a", ours=published[0])
        assert refused.value.reason is Reason.NOT_ACCEPTED
    finally:
        await room.close()


async def test_a_picture_that_takes_too_long_is_refused_and_the_next_is_served(album, published):
    room = PictureRenderer(seconds=90, cpu_seconds=0.8)
    try:
        with pytest.raises(NotAPicture) as refused:
            await room.compare(album.of_scans(60, 5000, 5000), ours=published[0])
        assert refused.value.reason is Reason.TOO_HEAVY
        with pytest.raises(NotAPicture) as refused:
            await room.compare(b"GIF89a", ours=published[0])
        assert refused.value.reason is Reason.NOT_ACCEPTED
    finally:
        await room.close()
