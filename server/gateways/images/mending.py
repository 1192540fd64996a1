"""Repairs damaged files: data around the pixels is fixed or dropped, so that the pixels can be shown."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from zlib import crc32

from PIL import Image, ImageFile

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"IDAT", b"IEND"}
MOST_SIDE_BYTES = 4 * 1024 * 1024
JPEG_END = b"\xff\xd9"

LEAST_SHOWN = 0.25  # of the rows; nobody could judge less
MISSING = (0, 128, 255)  # what decoders leave for missing pixels: black, grey, or a white background
NEARLY = 2


def without_side_chunks(png: bytes) -> bytes:
    """Keep only the PNG chunks that pixels, colours and camera claims need, with correct checksums.

    Text, previews and damaged chunks beside the picture are dropped, whatever their size.
    """
    kept, place = [PNG_HEAD], len(PNG_HEAD)
    while place + 8 <= len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        body = png[place + 8 : place + 8 + length]
        told = png[place + 8 + length : place + 12 + length]
        place += 12 + length
        if name in PNG_KEPT and _is_sound(name, body, told):
            kept += [struct.pack(">I4s", len(body), name), body, struct.pack(">I", crc32(name + body))]
        if name == b"IEND":
            break
    return b"".join(kept)


def with_end(jpeg: bytes) -> bytes:
    """Add an end marker to a truncated JPEG, so that the decoder returns what it has."""
    return jpeg + JPEG_END


@contextmanager
def forgiving() -> Iterator[None]:
    """Make the library return the pixels before a fault instead of raising."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def is_mostly_missing(image: Image.Image) -> bool:
    """Whether too many rows of a damaged picture are missing; missing rows are at the bottom."""
    narrow = image.convert("L").resize((32, image.height), Image.Resampling.NEAREST)
    shown = image.height
    while shown and _is_missing(narrow.crop((0, shown - 1, 32, shown))):
        shown -= 1
    return shown < image.height * LEAST_SHOWN


def _is_missing(row: Image.Image) -> bool:
    darkest, brightest = cast("tuple[int, int]", row.getextrema())
    return any(max(abs(darkest - empty), abs(brightest - empty)) <= NEARLY for empty in MISSING)


def _is_sound(name: bytes, body: bytes, told: bytes) -> bool:
    """Accept a picture's critical chunks as they are, others only if they are small and their checksum is right."""
    is_critical = name[:1].isupper()
    return is_critical or (len(body) <= MOST_SIDE_BYTES and told == struct.pack(">I", crc32(name + body)))
