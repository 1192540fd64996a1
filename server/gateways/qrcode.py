"""QR codes to scan from a page: the only code that uses segno."""

import segno

QUIET_ZONE = 4  # modules, as the standard requires
MODULE_PIXELS = 4


def as_svg(text: str) -> str:
    """Return a QR code as inline SVG, black on white in dark mode too, without its own style."""
    drawn: str = segno.make(text, error="m").svg_inline(
        scale=MODULE_PIXELS, border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return drawn
