"""QR codes to scan from a page: the only code that knows segno."""

import segno

QUIET_ZONE = 4  # modules, as the standard asks for
MODULE_PIXELS = 4


def as_svg(text: str) -> str:
    """A QR code as an inline SVG, black on white in dark mode too, without any style of its own."""
    drawn: str = segno.make(text, error="m").svg_inline(
        scale=MODULE_PIXELS, border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return drawn
