"""The child that typesets one document: `python -m server.gateways.typesetting <folder> [<fonts>]`."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import typst

from server.gateways.typesetting import DATA, DOCUMENT, RESULT
from server.gateways.typesetting.printable import Typefaces, named, with_signs

OUR_FONTS = Path(str(files("noto_cjk_sans_otc")))
SYSTEM_FONTS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
LIBRARY = "printing.typ"  # every document may import it


def main(folder: Path, own_fonts: list[str]) -> None:
    """Typeset the folder's document; characters that no font has become signs and are named in the data."""
    fonts = [*map(Path, own_fonts), OUR_FONTS]
    data = (folder / DATA).read_text("utf-8")
    (folder / LIBRARY).write_text((Path(__file__).parent / LIBRARY).read_text("utf-8"), "utf-8")
    try:
        _set(folder, data, typefaces=Typefaces([*fonts, *SYSTEM_FONTS]), fonts=fonts)
    except typst.TypstError:  # a system font exists and can't be used for this document
        _set(folder, data, typefaces=Typefaces(fonts), fonts=fonts)


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


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
