"""Estimates what showing a picture costs, before any of it is decoded."""

from server.gateways.images.examining import Kind, NotAPicture, Reason, kind_by_content
from server.gateways.images.jpegs import MOST_PASSES, walk

# Nanoseconds per pixel, measured on a processor of 2024; an error of half does no harm.
SHOWN = 15
PASSED_OVER = 1
USUAL_PIXELS = 12_000_000  # a phone's photo whose header only a decoder can read
USUAL_DECODING = 50
BYTES_A_MILLISECOND = 100_000


def cost_of(data: bytes) -> int:
    """Estimate the CPU milliseconds a picture takes; raises NotAPicture for a JPEG that takes too many."""
    kind = kind_by_content(data[:32])
    nanoseconds = USUAL_PIXELS * USUAL_DECODING
    if kind is Kind.JPEG:
        nanoseconds = _of_jpeg(data)
    if kind is Kind.PNG:
        nanoseconds = int.from_bytes(data[16:20]) * int.from_bytes(data[20:24]) * SHOWN
    return 1 + min(nanoseconds // 1_000_000, 60_000) + len(data) // BYTES_A_MILLISECOND


def _of_jpeg(data: bytes) -> int:
    way = walk(data)
    if way.is_endless or way.pixels * way.scans > MOST_PASSES:
        raise NotAPicture(Reason.TOO_HEAVY)
    return way.pixels * (SHOWN + way.scans * PASSED_OVER)
