"""Tells from a JPEG's markers alone what decoding it costs: each scan is a pass over every pixel.

Our own code, because Pillow reports no scans before it decodes them.
"""

import re
from typing import NamedTuple

MOST_SCANS = 64  # cameras write 1, progressive encoders 10 to 16; each takes 15 ms on 50 megapixels
MOST_PASSES = 20 * 50_000_000  # over pixels
MOST_SEGMENTS = 2_000  # the longest known file: 255 of a colour profile and 160 of ten megabytes of XMP

MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # neither stuffing nor a restart inside a scan
ALONE = {0x01, 0xD8}
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # these begin with precision, height and width
SCAN, END = 0xDA, 0xD9


class Walk(NamedTuple):
    """What a JPEG's markers say: passes over its pixels, segments, whether it is complete, and its number of pixels."""

    scans: int
    segments: int
    is_whole: bool
    pixels: int

    @property
    def is_endless(self) -> bool:
        """Whether it has more passes or more segments than any camera's picture."""
        return self.scans > MOST_SCANS or self.segments > MOST_SEGMENTS


def walk(jpeg: bytes) -> Walk:
    """Follow the markers to the end of the picture, or until there are too many."""
    scans = segments = place = pixels = 0
    while found := MARKER.search(jpeg, place):
        marker, place = jpeg[found.start() + 1], found.end()
        if marker == END:
            return Walk(scans, segments, is_whole=True, pixels=pixels)
        segments += 1
        scans += marker == SCAN
        if scans > MOST_SCANS or segments > MOST_SEGMENTS:
            break
        if marker in FRAMES:
            pixels = max(pixels, _number(jpeg, place + 3) * _number(jpeg, place + 5))
        if marker not in ALONE:
            place += _number(jpeg, place)
    return Walk(scans, segments, is_whole=False, pixels=pixels)


def _number(jpeg: bytes, place: int) -> int:
    return int.from_bytes(jpeg[place : place + 2])
