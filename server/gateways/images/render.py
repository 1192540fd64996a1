"""Renders a photo in one pass, and defines the messages between a worker and the renderer."""

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
    """A rendered photo; `fingerprint` is that of `fingerprint()`, `renditions` start with the largest."""

    picture: Picture
    claims: CameraClaims
    fingerprint: int
    renditions: list[Rendition]


class Refused(msgspec.Struct, frozen=True, tag=True):
    reason: Reason


class Look(msgspec.Struct, frozen=True, tag=True):
    """Asks whether this picture can be shown."""

    data: bytes


class Comparison(msgspec.Struct, frozen=True, tag=True):
    """Asks whether this picture shows what ours show."""

    data: bytes
    ours: list[bytes]


class Order(msgspec.Struct, frozen=True, tag=True):
    """Asks for renditions of this picture."""

    data: bytes
    mark: Mark | None
    sizes: dict[str, int]
    boxes: list[Box] = []


def look(data: bytes) -> Picture:
    """Decode a picture as for its renditions; raises NotAPicture."""
    picture = examine(data)
    upright(data, longest=SIZES["large"])
    return picture


def render(
    data: bytes, *, mark: Mark | None, sizes: Mapping[str, int] = SIZES, boxes: Sequence[Box] = ()
) -> Rendered:
    """Examine, read the camera's claims, fingerprint and render, decoding once; raises NotAPicture.

    Everything in `boxes` is black before any size is made, so no rendition can contain it.
    """
    picture = examine(data)
    image = blacked_out(upright(data, longest=SIZES["large"]), boxes)
    return Rendered(
        picture, camera_claims(data), fingerprint_of(image), printed(image, mark=mark, sizes=sizes)
    )
