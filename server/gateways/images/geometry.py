"""Turns foreign bytes into one plain picture: small enough, upright, in sRGB, without metadata."""

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from io import BytesIO

from pi_heif import open_heif
from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile

from server.gateways.images.examining import Kind, NotAPicture, Reason, decoding, kind_of, opened
from server.gateways.images.mending import forgiving, is_mostly_missing

BAND_PIXELS = 2_000_000
MOST_ICC_BYTES = 4 * 1024 * 1024
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
UPPER_BYTE = [value >> 8 for value in range(65_536)]
Size = tuple[int, int]


def upright(data: bytes, *, longest: int) -> Image.Image:
    """Return the picture in sRGB, upright, its longer side at most `longest`; raises NotAPicture.

    Everything is decoded. Of a truncated file the rows that exist are shown, if they are at least a quarter.
    A picture is never enlarged.
    Large pictures are processed in bands: no second copy of 50 megapixels is ever held (≤ 300 MB in total).
    """
    with decoding():
        image, small = _decoded(data, longest=longest)
        small = _in_srgb(small, image.info.get("icc_profile"))
        turn = TURNS.get(_orientation(image))
        small = small.transpose(turn) if turn is not None else small  # last, when it is small
        small.info = {}
        return small


def fitted(size: Size, *, longest: int) -> Size:
    """Scale this size down so that its longer side is at most `longest`; no side becomes 0."""
    width, height = size
    scale = min(1.0, longest / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _decoded(data: bytes, *, longest: int) -> tuple[ImageFile, Image.Image]:
    """Return the opened image (for its header) and its scaled pixels; of a damaged file, those that exist."""
    try:
        image = opened(data)
        small = _shrunk(image, data, longest=longest)
        is_cut = image.info["is_cut"]
    except Exception as error:
        if isinstance(error, MemoryError) or getattr(error, "reason", Reason.BROKEN) is not Reason.BROKEN:
            raise
        with forgiving():
            image = opened(data)
            small = _shrunk(image, data, longest=longest)
        is_cut = True
    if is_cut and is_mostly_missing(small):
        raise NotAPicture(Reason.BROKEN)
    return image, small


def _shrunk(image: ImageFile, data: bytes, *, longest: int) -> Image.Image:
    target = fitted(image.size, longest=longest)
    if kind_of(image) is Kind.JPEG:
        image.draft("RGB", target)  # with the computed size: draft only helps if both sides fit
    factor = max(1, min(image.width // target[0], image.height // target[1]))
    rows = max(1, BAND_PIXELS // (image.width * factor)) * factor
    if kind_of(image) is Kind.HEIF:
        bands = _heif_bands(data, rows=rows)
    else:
        image.load()
        bands = _bands(image, rows=rows)
    return _assembled(bands, image.size, factor=factor).resize(target, Image.Resampling.LANCZOS)


def _bands(image: Image.Image, *, rows: int) -> Iterator[tuple[int, Image.Image]]:
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _heif_bands(data: bytes, *, rows: int) -> Iterator[tuple[int, Image.Image]]:
    """Yield bands straight from the decoder's plane, so that no full copy is made."""
    heif = open_heif(BytesIO(data), convert_hdr_to_8bit=True)
    plane, stride, mode = memoryview(heif.data), heif.stride, heif.mode
    width, height = heif.size
    for top in range(0, height, rows):
        size = (width, min(rows, height - top))
        part = bytes(plane[top * stride : (top + size[1]) * stride])
        yield top, Image.frombytes(mode, size, part, "raw", mode, stride)


def _assembled(bands: Iterator[tuple[int, Image.Image]], size: Size, *, factor: int) -> Image.Image:
    pieces = ((top // factor, _reduced(_flat(band), factor=factor)) for top, band in bands)
    _, first = next(pieces)
    canvas = Image.new(first.mode, (-(-size[0] // factor), -(-size[1] // factor)))
    canvas.paste(first, (0, 0))
    for top, piece in pieces:
        canvas.paste(piece, (0, top))
    return canvas


def _reduced(band: Image.Image, *, factor: int) -> Image.Image:
    return band.reduce(factor) if factor > 1 else band


def _flat(band: Image.Image) -> Image.Image:
    """Return the band as 8-bit RGB, CMYK or grey; transparent pixels get a white background."""
    if band.mode.startswith("I"):
        return band.convert("I").point(UPPER_BYTE, "L")
    if band.has_transparency_data:
        paper = Image.new("RGBA", band.size, "white")
        return Image.alpha_composite(paper, band.convert("RGBA")).convert("RGB")
    return band if band.mode in {"RGB", "CMYK", "L"} else band.convert("RGB")


def _in_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    if icc and len(icc) <= MOST_ICC_BYTES:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile counts as none
            transform = _transform(icc, image.mode)
            image = (ImageCms.applyTransform(image, transform) if transform else None) or image
    return image.convert("RGB")


@lru_cache(maxsize=8)
def _transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    profile = ImageCms.ImageCmsProfile(BytesIO(icc))
    if mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(profile):
        return None
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # hostile EXIF must not cost us the picture
        return 1
