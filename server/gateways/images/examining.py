"""Is this a picture we accept? Told by its content: JPEG, PNG or HEIC, of at most 50 megapixels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import msgspec
from pi_heif import HeifImageFile, options
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from server.gateways.images.jpegs import is_too_heavy

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
options.DECODE_THREADS = 2


class Kind(StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    HEIF = "HEIF"


# The decoder is named by us, never guessed: none of the library's other forty can be reached, and a JPEG
# with more pictures behind it (MPO, HDR gain maps) is its first one.
PLUGINS: dict[Kind, Callable[[BytesIO], ImageFile]] = {
    Kind.JPEG: JpegImageFile,
    Kind.PNG: PngImageFile,
    Kind.HEIF: HeifImageFile,
}


class Reason(StrEnum):
    """Why something is not a picture of ours; the values are stored and never change."""

    EMPTY = "empty"
    NOT_ACCEPTED = "not_accepted"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"
    TOO_HEAVY = "too_heavy"


SENTENCES = {
    Reason.EMPTY: "照片文件是空的，没有传上来内容。请重新拍摄，或从相册重新选择。",
    Reason.NOT_ACCEPTED: "这个文件不是可以接收的照片。请选择 JPEG、PNG 或 HEIC 格式的照片。",
    Reason.TOO_MANY_PIXELS: "照片尺寸过大，超过 5000 万像素。请在相机设置中调低分辨率后重新拍摄。",
    Reason.BROKEN: "照片没有保存完整或已经损坏，无法打开。请从相册重新选择，或重新拍摄。",
    Reason.TOO_HEAVY: "照片过于复杂，无法处理。请打开照片截屏，改为提交截屏图片。",
}


class NotAPicture(Exception):
    """These bytes are refused; `reason` is stable, `message_zh` says what happened and what to do next."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.message_zh = SENTENCES[reason]


class Picture(msgspec.Struct, frozen=True, tag=True):
    """What the head of a picture says: its kind and its size in pixels, before it is turned upright."""

    kind: Kind
    width: int
    height: int


def examine(source: bytes | Path) -> Picture:
    """What picture this is, from its head alone, without decoding it; else NotAPicture.

    A file that was cut short may pass here: only decoding shows that. Several frames count as the first.
    """
    image = opened(source if isinstance(source, bytes) else source.read_bytes())
    return Picture(kind_of(image), *image.size)


def opened(data: bytes) -> ImageFile:
    """The picture in these bytes, ready to be decoded; it is small enough to be tried."""
    kind = kind_by_content(data[:16])
    if kind is Kind.JPEG and is_too_heavy(data):
        raise NotAPicture(Reason.TOO_HEAVY)
    with decoding():
        image = PLUGINS[kind](BytesIO(data))
    width, height = image.size
    if min(width, height) < 1:
        raise NotAPicture(Reason.BROKEN)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise NotAPicture(Reason.TOO_MANY_PIXELS)
    return image


def kind_of(image: ImageFile) -> Kind:
    return Kind(image.format or "")


@contextmanager
def decoding() -> Iterator[None]:
    """Around every touch of the decoders: whatever they raise about foreign bytes becomes NotAPicture."""
    try:
        yield
    except NotAPicture:
        raise
    except MemoryError as error:
        raise NotAPicture(Reason.TOO_HEAVY) from error
    except Exception as error:  # they raise OSError, SyntaxError, struct.error, KeyError …, as it happens
        raise NotAPicture(Reason.BROKEN) from error


def kind_by_content(head: bytes) -> Kind:
    """The kind of picture that begins with these (at least 12) bytes; else NotAPicture."""
    if not head:
        raise NotAPicture(Reason.EMPTY)
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return Kind.HEIF
    raise NotAPicture(Reason.NOT_ACCEPTED)
