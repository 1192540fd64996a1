"""Redaction: faces and licence plates become black boxes in the pixels themselves."""

from collections.abc import Sequence
from math import ceil, floor

from PIL import Image, ImageDraw

Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the upright picture


def blacked_out(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """Return the picture with each box black, rounded outwards to whole pixels."""
    if not boxes:
        return image
    redacted = image.copy()
    draw = ImageDraw.Draw(redacted)
    for left, top, right, bottom in boxes:
        corners = (floor(left * image.width), floor(top * image.height))
        draw.rectangle((*corners, ceil(right * image.width), ceil(bottom * image.height)), fill="black")
    return redacted
