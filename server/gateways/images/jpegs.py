"""What a JPEG costs to decode, told from its markers alone: scans are passes over every pixel."""

import re

MOST_SCANS = 64  # cameras write 1, progressive encoders 10 to 16; each takes 15 ms on 50 megapixels
MOST_SEGMENTS = 2_000  # the longest known: 255 of a colour profile and 160 of ten megabytes of XMP

MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # neither stuffing nor a restart inside a scan
ALONE = {0x01, 0xD8}
SCAN, END = 0xDA, 0xD9


def is_too_heavy(jpeg: bytes) -> bool:
    """Whether decoding takes more passes, or reading the head more segments, than any camera's picture."""
    scans = segments = place = 0
    while (found := MARKER.search(jpeg, place)) and jpeg[found.start() + 1] != END:
        marker, place = jpeg[found.start() + 1], found.end()
        segments += 1
        scans += marker == SCAN
        if scans > MOST_SCANS or segments > MOST_SEGMENTS:
            return True
        if marker not in ALONE:
            place += _length(jpeg, place)
    return False


def _length(jpeg: bytes, place: int) -> int:
    return int.from_bytes(jpeg[place : place + 2])
