"""What people see of a photo: upright JPEGs in three sizes, without metadata, with the mark burnt in."""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

import msgspec
from PIL import Image

from server.gateways.images.geometry import fitted, upright
from server.gateways.images.watermark import Mark, stamp

SIZES = {"large": 1600, "medium": 800, "small": 320}  # longer side in pixels
QUALITY = 82


class Rendition(msgspec.Struct, frozen=True):
    """One JPEG, ready to be served, and the digest that its verification code is checked against."""

    name: str
    width: int
    height: int
    data: bytes
    sha256: str


def renditions_of(data: bytes, *, mark: Mark | None, sizes: Mapping[str, int] = SIZES) -> list[Rendition]:
    """Return the renditions of a photo, largest first; `sizes` are longer sides in pixels, at most the photo's own.

    Everything is decoded and re-encoded: only the pixels of the foreign file survive. Raises NotAPicture.
    """
    return printed(upright(data, longest=max(sizes.values())), mark=mark, sizes=sizes)


def printed(image: Image.Image, *, mark: Mark | None, sizes: Mapping[str, int] = SIZES) -> list[Rendition]:
    """Return the renditions of a decoded picture, each made from the next larger unmarked one."""
    renditions = []
    for name, longest in sorted(sizes.items(), key=lambda size: -size[1]):
        size = fitted(image.size, longest=longest)
        if size != image.size:
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.0)  # ten times as fast
        renditions.append(_encoded(name, stamp(image, mark) if mark else image))
    return renditions


def _encoded(name: str, image: Image.Image) -> Rendition:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    data = out.getvalue()
    return Rendition(name, *image.size, data, sha256(data).hexdigest())
