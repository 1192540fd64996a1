"""Decides whether a file is a picture we accept, by its content and the pixels it would decode to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import msgspec
from pi_heif import HeifImageFile, options
from PIL.AvifImagePlugin import AvifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from server.gateways.images.jpegs import MOST_PASSES, walk
from server.gateways.images.mending import with_end, without_side_chunks

LONGEST_SIDE = 65_535
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}

options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
options.DECODE_THREADS = 2


class Kind(StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    HEIF = "HEIF"
    WEBP = "WEBP"
    AVIF = "AVIF"


# As many as fit into the renderer's memory. A JPEG is scaled down while it is decoded; panoramas of phones
# have 60 megapixels, current sensors 50, 108 and 200.
MOST_PIXELS = {
    Kind.JPEG: 210_000_000,
    Kind.PNG: 68_000_000,
    Kind.HEIF: 68_000_000,
    Kind.WEBP: 26_000_000,
    Kind.AVIF: 51_000_000,
}

# We name the decoder and never let the library guess, so its other forty are unreachable; of a JPEG that
# contains more pictures (MPO, HDR gain maps) the first one counts.
PLUGINS: dict[Kind, Callable[[BytesIO], ImageFile]] = {
    Kind.JPEG: JpegImageFile,
    Kind.PNG: PngImageFile,
    Kind.HEIF: HeifImageFile,
    Kind.WEBP: WebPImageFile,
    Kind.AVIF: AvifImageFile,
}


class Reason(StrEnum):
    """Why something is not an accepted picture; the values are stored and never change."""

    EMPTY = "empty"
    NOT_ACCEPTED = "not_accepted"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"
    TOO_HEAVY = "too_heavy"


SENTENCES = {
    Reason.EMPTY: "照片文件是空的，没有传上来内容。请重新拍摄，或从相册重新选择。",
    Reason.NOT_ACCEPTED: "这个文件不是可以接收的照片。请选择 JPEG、PNG、HEIC、WebP 或 AVIF 格式的照片。",
    Reason.TOO_MANY_PIXELS: "照片尺寸过大，像素太多，无法处理。请在相机设置中调低分辨率后重新拍摄。",
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
    """What the header of a picture says: its kind and its size in pixels, before it is turned upright."""

    kind: Kind
    width: int
    height: int


def examine(source: bytes | Path) -> Picture:
    """Identify a picture by its header alone, without decoding it; raises NotAPicture.

    A truncated file may pass here: only decoding shows that. Of several frames the first counts.
    """
    image = opened(source if isinstance(source, bytes) else source.read_bytes())
    return Picture(kind_of(image), *image.size)


def opened(data: bytes) -> ImageFile:
    """Open the picture in these bytes; it is small enough to be decoded. Raises NotAPicture.

    `info["is_cut"]` tells whether a JPEG's end is missing.
    """
    kind = kind_by_content(data[:32])
    passes, is_cut = 1, False
    if kind is Kind.JPEG:
        way = walk(data)
        if way.is_endless:
            raise NotAPicture(Reason.TOO_HEAVY)
        passes, is_cut = way.scans, not way.is_whole
        data = with_end(data) if is_cut else data
    if kind is Kind.PNG:
        data = without_side_chunks(data)
    with decoding():
        image = PLUGINS[kind](BytesIO(data))
    image.info["is_cut"] = is_cut
    _check_size(kind, *image.size, passes=passes)
    return image


def _check_size(kind: Kind, width: int, height: int, *, passes: int) -> None:
    if min(width, height) < 1:
        raise NotAPicture(Reason.BROKEN)
    if width * height > MOST_PIXELS[kind] or max(width, height) > LONGEST_SIDE:
        raise NotAPicture(Reason.TOO_MANY_PIXELS)
    if width * height * passes > MOST_PASSES:
        raise NotAPicture(Reason.TOO_HEAVY)


def kind_of(image: ImageFile) -> Kind:
    return Kind(image.format or "")


@contextmanager
def decoding() -> Iterator[None]:
    """Wrap every use of the decoders: whatever they raise about foreign bytes becomes NotAPicture."""
    try:
        yield
    except NotAPicture:
        raise
    except MemoryError as error:
        raise NotAPicture(Reason.TOO_HEAVY) from error
    except Exception as error:  # they raise OSError, SyntaxError, struct.error, KeyError and more
        raise NotAPicture(Reason.BROKEN) from error


def kind_by_content(head: bytes) -> Kind:
    """Return the kind of picture that begins with these (at least 12) bytes; raises NotAPicture."""
    if not head:
        raise NotAPicture(Reason.EMPTY)
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _kind_by_brands(head)
    raise NotAPicture(Reason.NOT_ACCEPTED)


def _kind_by_brands(head: bytes) -> Kind:
    """HEIF or AVIF: if a file only calls itself a still picture in general, its compatible brands decide."""
    major, others = head[8:12], {head[at : at + 4] for at in range(16, len(head), 4)}
    if major in AVIF_BRANDS or (major in HEIF_BRANDS and others & AVIF_BRANDS and b"heic" not in others):
        return Kind.AVIF
    if major in HEIF_BRANDS:
        return Kind.HEIF
    raise NotAPicture(Reason.NOT_ACCEPTED)
