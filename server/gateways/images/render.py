"""All that a worker wants to know of a photo, found in one go; and the messages that order and bring it."""

from collections.abc import Mapping, Sequence

import msgspec

from server.gateways.images.camera import CameraClaims, camera_claims
from server.gateways.images.examining import Picture, Reason, examine
from server.gateways.images.fingerprints import fingerprint_of
from server.gateways.images.geometry import upright
from server.gateways.images.redacting import Box, blacked_out
from server.gateways.images.rendering import SIZES, Rendition, printed
from server.gateways.images.watermark import Mark


class Rendered(msgspec.Struct, frozen=True, tag=True):
    """A photo, developed; `fingerprint` is that of `fingerprint()`, `renditions` begin with the largest."""

    picture: Picture
    claims: CameraClaims
    fingerprint: int
    renditions: list[Rendition]


class Refused(msgspec.Struct, frozen=True, tag=True):
    reason: Reason


class Look(msgspec.Struct, frozen=True, tag=True):
    """Can this picture be shown?"""

    data: bytes


class Comparison(msgspec.Struct, frozen=True, tag=True):
    """Does this picture show what those of ours show?"""

    data: bytes
    ours: list[bytes]


class Order(msgspec.Struct, frozen=True, tag=True):
    """Make renditions of it."""

    data: bytes
    mark: Mark | None
    sizes: dict[str, int]
    boxes: list[Box] = []


def look(data: bytes) -> Picture:
    """Decode a picture as it is decoded for its renditions; else NotAPicture."""
    picture = examine(data)
    upright(data, longest=SIZES["large"])
    return picture


def render(
    data: bytes, *, mark: Mark | None, sizes: Mapping[str, int] = SIZES, boxes: Sequence[Box] = ()
) -> Rendered:
    """Examine, read the camera's claims, take the fingerprint and render, decoding once; else NotAPicture.

    What lies in `boxes` is black before any size is made of it, so that no rendition can hold it.
    """
    picture = examine(data)
    image = blacked_out(upright(data, longest=SIZES["large"]), boxes)
    return Rendered(
        picture, camera_claims(data), fingerprint_of(image), printed(image, mark=mark, sizes=sizes)
    )
