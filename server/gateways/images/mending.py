"""Mending: what surrounds the pixels of a damaged file is put right or left out, so that the pixels can be shown."""

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

LEAST_SHOWN = 0.25  # of the rows; of less nobody could judge
MISSING = (0, 128, 255)  # what decoders leave where nothing came: black, grey, or paper behind nothing
NEARLY = 2


def without_side_chunks(png: bytes) -> bytes:
    """The chunks of a PNG that its pixels, colours and camera claims need, with right checksums.

    Words, previews and damaged chunks beside the picture are left out, however big they are.
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
    """A JPEG that was cut, with an end: the decoder then gives what it has."""
    return jpeg + JPEG_END


@contextmanager
def forgiving() -> Iterator[None]:
    """In here the library gives the pixels that came before a fault instead of raising about it."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def is_mostly_missing(image: Image.Image) -> bool:
    """Whether more of a damaged picture's rows are missing than can be done without; they lie at its foot."""
    narrow = image.convert("L").resize((32, image.height), Image.Resampling.NEAREST)
    shown = image.height
    while shown and _is_missing(narrow.crop((0, shown - 1, 32, shown))):
        shown -= 1
    return shown < image.height * LEAST_SHOWN


def _is_missing(row: Image.Image) -> bool:
    darkest, brightest = cast("tuple[int, int]", row.getextrema())
    return any(max(abs(darkest - empty), abs(brightest - empty)) <= NEARLY for empty in MISSING)


def _is_sound(name: bytes, body: bytes, told: bytes) -> bool:
    """A picture's own chunks are taken as they are; others only if they are small and arrived as they were sent."""
    is_critical = name[:1].isupper()
    return is_critical or (len(body) <= MOST_SIDE_BYTES and told == struct.pack(">I", crc32(name + body)))
