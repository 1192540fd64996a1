"""The child that sets one document: `python -m server.gateways.typesetting <folder> [<fonts>]`."""

import sys
from importlib.resources import files
from pathlib import Path

import typst

from server.gateways.typesetting import DOCUMENT, RESULT

OUR_FONTS = Path(str(files("noto_cjk_sans_otc")))


def main(folder: Path, own_fonts: list[str]) -> None:
    """Set the folder's document beside it."""
    typst.compile(
        str(folder / DOCUMENT),
        output=str(folder / RESULT),
        root=str(folder),
        font_paths=[*own_fonts, str(OUR_FONTS)],
        pdf_standards=["a-2b"],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
