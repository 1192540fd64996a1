"""Near-duplicates: a 64-bit fingerprint that survives scaling and re-encoding.

Our own code, because imagehash would bring numpy and scipy for these few lines.
"""

from PIL import Image

from server.gateways.images.geometry import upright
from server.gateways.images.rendering import SIZES


def fingerprint(data: bytes) -> int:
    """Return the difference hash of an upright photo, 0 ≤ hash < 2⁶⁴; compare with `distance`."""
    return fingerprint_of(upright(data, longest=SIZES["large"]))


def fingerprint_of(image: Image.Image) -> int:
    """Return the same for a decoded picture: for each of 8 × 8 fields, whether it gets brighter to the right."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for place in range(64):
        field = place + place // 8
        bits = bits << 1 | (grey[field] < grey[field + 1])
    return bits


def distance(one: int, other: int) -> int:
    """Count the bits (of 64) in which two fingerprints differ; up to about 10 it is probably the same scene."""
    return (one ^ other).bit_count()
