"""The child that typesets one document: `python -m server.gateways.typesetting <folder> [--pages] [<fonts>]`."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import typst

from server.gateways.typesetting import DATA, DOCUMENT, PAGES, RESULT
from server.gateways.typesetting.printable import Typefaces, named, with_signs

OUR_FONTS = Path(str(files("noto_cjk_sans_otc")))
SYSTEM_FONTS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
LIBRARY = "printing.typ"  # every document may import it


PIXELS_PER_INCH = 150


def main(folder: Path, own_fonts: list[str], *, with_pages: bool) -> None:
    """Typeset the folder's document; characters that no font has become signs and are named in the data."""
    fonts = [*map(Path, own_fonts), OUR_FONTS]
    data = (folder / DATA).read_text("utf-8")
    (folder / LIBRARY).write_text((Path(__file__).parent / LIBRARY).read_text("utf-8"), "utf-8")
    try:
        _set(folder, data, typefaces=Typefaces([*fonts, *SYSTEM_FONTS]), fonts=fonts)
    except typst.TypstError:  # a system font exists and can't be used for this document
        _set(folder, data, typefaces=Typefaces(fonts), fonts=fonts)
    if with_pages:
        _draw_pages(folder, fonts)


def _set(folder: Path, data: str, *, typefaces: Typefaces, fonts: list[Path]) -> None:
    missing: set[str] = set()
    printable = with_signs(json.loads(data), typefaces=typefaces, missing=missing)
    printable["unprintable"] = named(missing)
    (folder / DATA).write_text(json.dumps(printable, ensure_ascii=False), "utf-8")
    typst.compile(
        str(folder / DOCUMENT),
        output=str(folder / RESULT),
        root=str(folder),
        font_paths=[str(one) for one in fonts],
        pdf_standards=["a-2b"],
    )


def _draw_pages(folder: Path, fonts: list[Path]) -> None:
    drawn = typst.compile(
        str(folder / DOCUMENT),
        root=str(folder),
        font_paths=[str(one) for one in fonts],
        format="png",
        ppi=PIXELS_PER_INCH,
    )
    for number, page in enumerate(drawn if isinstance(drawn, list) else [drawn], start=1):
        (folder / f"page-{number:03}.png").write_bytes(page)


if __name__ == "__main__":
    words = sys.argv[2:]
    main(Path(sys.argv[1]), [word for word in words if word != PAGES], with_pages=PAGES in words)
