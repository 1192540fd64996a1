"""Compares a picture with ours: is it one of them saved again, or does it show something else, and where?

There is no search by similarity: the code on a picture names the only pictures it is compared with.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec
from PIL import Image, ImageChops, ImageFilter

from server.gateways.images.examining import NotAPicture, Reason, examine
from server.gateways.images.fingerprints import distance, fingerprint_of
from server.gateways.images.geometry import fitted, upright
from server.gateways.images.redacting import Box
from server.gateways.images.watermark import band_top

# Measured by `scripts/bench comparing`, which prints the answers on either side of each threshold.
LONGEST = 640  # pixels that are compared; compression noise averages out above
LEAST = 240  # of the longer side; below, a changed numeral looks like a blurred one
FIELDS = 20  # per side
NOISE = 30  # levels of 255 by which a flat spot may differ
OF_TEXTURE = 0.12  # and how much more beside an edge, as a share of its height
MOST_DIFFERING = 0.5  # of the fields; above, it is another picture, and no differences are shown
# By how much the aspect ratio may differ; cropping that much shows in the fields.
MOST_STRETCHED = 0.012
MOST_PIXELS = 26_000_000  # renditions have at most 2.6 million, and nobody enlarges them tenfold
MOST_BOXES = 12
SPOT = 1  # a difference narrower than 2 × SPOT + 1 pixels is noise


class Likeness(StrEnum):
    """The result of a comparison; RESAVED and TURNED show the same scene, the others do not or can't be judged."""

    RESAVED = "resaved"
    TURNED = "turned"
    CHANGED = "changed"
    MARK_CHANGED = "mark_changed"
    CROPPED = "cropped"
    ANOTHER = "another"
    TOO_SMALL = "too_small"


class Compared(msgspec.Struct, frozen=True, tag=True):
    """The result, and where the upright picture in hand differs."""

    likeness: Likeness
    differs: list[Box] = []


TURNS = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
BACK = {
    Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
    Image.Transpose.ROTATE_180: Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
}


def compare(data: bytes, ours: Sequence[bytes]) -> Compared:
    """Compare a foreign picture with our renditions of one picture; the closest one counts. Raises NotAPicture."""
    picture = examine(data)
    if picture.width * picture.height > MOST_PIXELS:
        raise NotAPicture(Reason.TOO_MANY_PIXELS)
    return _compared(upright(data, longest=LONGEST * 2), [upright(one, longest=LONGEST * 4) for one in ours])


def _compared(picture: Image.Image, ours: Sequence[Image.Image]) -> Compared:
    if max(picture.size) < LEAST:
        return Compared(Likeness.TOO_SMALL)
    wanted = fingerprint_of(ours[0])
    turn = min(TURNS, key=lambda one: distance(fingerprint_of(_turned(picture, one)), wanted))
    turned = _turned(picture, turn)
    alike = [one for one in ours if not _is_stretched(turned, one)]
    if not alike:
        return Compared(Likeness.CROPPED)
    fields, nearest = min(
        ((_differing(turned, one), one) for one in alike), key=lambda found: _count(found[0])
    )
    if not _count(fields):
        return Compared(Likeness.TURNED if turn is not None else Likeness.RESAVED)
    if _count(fields) > MOST_DIFFERING * FIELDS**2:
        return Compared(Likeness.ANOTHER)
    likeness = Likeness.MARK_CHANGED if _is_in_mark(fields, nearest) else Likeness.CHANGED
    return Compared(likeness, boxes_of(_turned(fields, BACK[turn]) if turn is not None else fields))


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return image if turn is None else image.transpose(turn)


def _is_stretched(one: Image.Image, other: Image.Image) -> bool:
    """Whether the aspect ratios differ by more than rounding to pixels explains."""
    width, height = one.size
    expected = width * other.height / other.width
    return abs(height - expected) > max(1.5, MOST_STRETCHED * height)


def _differing(picture: Image.Image, ours: Image.Image) -> Image.Image:
    """Return a picture of FIELDS × FIELDS pixels, white where the two show something else."""
    longest = min(LONGEST, max(picture.size), max(ours.size))
    size = fitted(ours.size, longest=longest)
    one, other = (image.resize(size, Image.Resampling.BOX) for image in (picture, ours))
    excess = ImageChops.subtract(_difference(one, other), _tolerance(other))
    shown = excess.filter(ImageFilter.MinFilter(2 * SPOT + 1)).point(lambda level: 255 if level else 0)
    fields = Image.new("L", (FIELDS, FIELDS))
    for y in range(FIELDS):
        for x in range(FIELDS):
            left, top = x * size[0] // FIELDS, y * size[1] // FIELDS
            part = shown.crop((left, top, (x + 1) * size[0] // FIELDS, (y + 1) * size[1] // FIELDS))
            fields.putpixel((x, y), part.getextrema()[1])
    return fields


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return the difference in brightness, or half the difference in colour: saving a JPEG lets colours bleed."""
    soft = ImageFilter.GaussianBlur(1.2)
    plain = (image.filter(soft).convert("YCbCr") for image in (one, other))
    light, blue, red = ImageChops.difference(*plain).split()
    return ImageChops.lighter(
        light, ImageChops.lighter(blue, red).point([level // 2 for level in range(256)])
    )


def _tolerance(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    texture = ImageChops.subtract(
        grey.filter(ImageFilter.MaxFilter(5)), grey.filter(ImageFilter.MinFilter(5))
    )
    return texture.point([min(255, round(NOISE + OF_TEXTURE * level)) for level in range(256)])


def _count(fields: Image.Image) -> int:
    return fields.histogram()[255]


def _is_in_mark(fields: Image.Image, ours: Image.Image) -> bool:
    """Whether the two differ only where the mark is burnt in."""
    box = fields.getbbox()
    return box is not None and box[1] >= int(band_top(ours) / ours.height * FIELDS)


def boxes_of(fields: Image.Image) -> list[Box]:
    """Return one box for each group of adjacent white fields, the largest first."""
    white = {(x, y) for y in range(fields.height) for x in range(fields.width) if fields.getpixel((x, y))}
    boxes: list[Box] = []
    while white:
        group = _taken_from(white)
        columns, rows = [x for x, _ in group], [y for _, y in group]
        left, right = min(columns) / fields.width, (max(columns) + 1) / fields.width
        boxes.append((left, min(rows) / fields.height, right, (max(rows) + 1) / fields.height))
    return sorted(boxes, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))[:MOST_BOXES]


def _taken_from(white: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Remove one field and everything connected to it from the set, and return them."""
    group = [white.pop()]
    for x, y in group:
        near = {(x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)} & white
        white -= near
        group += near
    return group
