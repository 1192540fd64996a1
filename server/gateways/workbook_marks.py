"""Reads what the cell reader does not tell: hidden rows, formulas without a result, the date epoch.

Our own code, because python-calamine returns only the cells.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree

REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
MOST_BROKEN = 1_000
TRUE = {"1", "true", "on"}


@dataclass
class Marks:
    """A sheet's hidden rows, and its cells without a result: their sign by row and column (from 1)."""

    hidden: set[int] = field(default_factory=set)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    counts_from_1904: bool = False


class Marked:
    """Gives the marks of each sheet of a repacked workbook, whose XML is sound and small enough."""

    def __init__(self, workbook: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(workbook))
        book = ElementTree.fromstring(self._archive.read("xl/workbook.xml"))  # noqa: S314 - repacked before
        parts = _parts(self._archive)
        sheets = [one for one in book.iter() if _kind(one) == "sheet"]
        self._parts = {
            one.get("name", ""): parts.get(one.get(RELATION) or one.get(STRICT_RELATION) or "", "")
            for one in sheets
        }
        self._from_1904 = any(
            _kind(one) == "workbookPr" and one.get("date1904") in TRUE for one in book.iter()
        )

    def marks_of(self, name: str) -> Marks:
        """Return the marks of the sheet with this name."""
        return _marks(self._archive, self._parts.get(name, ""), from_1904=self._from_1904)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the archive's parts by their relationship ids in the workbook."""
    try:
        related = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - repacked before
    except KeyError:
        return {}
    found = {}
    for one in related:
        target = one.get("Target", "")
        found[one.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        )
    return found


def _marks(archive: zipfile.ZipFile, part: str, *, from_1904: bool) -> Marks:
    marks = Marks(counts_from_1904=from_1904)
    if part not in archive.namelist():
        return marks
    row, column = 0, 0
    for element in _rows_and_cells(archive.read(part)):
        if _kind(element) == "row":
            row, column = int(element.get("r") or row + 1), 0
            if element.get("hidden") in TRUE:
                marks.hidden.add(row)
            continue
        row, column = _place(element.get("r"), row, column + 1)
        sign = _sign(element)
        if sign is not None and len(marks.broken) < MOST_BROKEN:
            marks.broken[row, column] = sign
        element.clear()
    return marks


def _rows_and_cells(part: bytes) -> Iterator[ElementTree.Element]:
    """Yield each row at its start and each cell at its end."""
    for event, element in ElementTree.iterparse(BytesIO(part), events=("start", "end")):  # noqa: S314 - repacked
        kind = _kind(element)
        if (event, kind) in {("start", "row"), ("end", "c")}:
            yield element
        elif (event, kind) == ("end", "row"):
            element.clear()


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    match = REFERENCE.fullmatch(reference or "")
    if not match:
        return row, column
    at = 0
    for letter in match[1]:
        at = at * 26 + ord(letter) - 64
    return int(match[2]), at


def _sign(cell: ElementTree.Element) -> str | None:
    """Return what a cell shows instead of a result: an error's sign, or an empty text if it was never computed."""
    inside = {_kind(one): one.text or "" for one in cell}
    if cell.get("t") == "e":
        return inside.get("v", "") or "#ERROR!"
    is_uncomputed = "f" in inside and not inside.get("v") and cell.get("t") != "str"
    return "" if is_uncomputed else None


def _kind(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
