"""Pictures: what is accepted, what the camera claims, and the marked renditions that people see.

The functions are plain and blocking. Workers render foreign pictures in a `PictureRenderer`, where a hostile file
can only harm a child process.
"""

from server.gateways.images.camera import CameraClaims, camera_claims
from server.gateways.images.comparing import Compared, Likeness, compare
from server.gateways.images.costing import cost_of
from server.gateways.images.examining import Kind, NotAPicture, Picture, Reason, examine, kind_by_content
from server.gateways.images.fingerprints import distance, fingerprint
from server.gateways.images.render import Rendered, render
from server.gateways.images.renderer import LineTooLong, PictureRenderer, RenderingFailed
from server.gateways.images.rendering import SIZES, Rendition, renditions_of
from server.gateways.images.watermark import Mark

__all__ = [
    "SIZES",
    "CameraClaims",
    "Compared",
    "Kind",
    "Likeness",
    "LineTooLong",
    "Mark",
    "NotAPicture",
    "Picture",
    "PictureRenderer",
    "Reason",
    "Rendered",
    "RenderingFailed",
    "Rendition",
    "camera_claims",
    "compare",
    "cost_of",
    "distance",
    "examine",
    "fingerprint",
    "kind_by_content",
    "render",
    "renditions_of",
]
