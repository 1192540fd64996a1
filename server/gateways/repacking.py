"""Repacks an uploaded workbook so that the reader that opens it next can't be harmed.

An .xlsx file is a zip of XML. Sizes in a zip may lie, entries may repeat, and two cells far apart make a
reader allocate the rectangle between them: a 6 KB file then ends the process. So every part is unpacked
against a limit, checked with a strict parser and packed again; everything but XML is dropped.
Our own code, because no library repacks a foreign zip within limits; the strict parser is Python's expat.
"""

import re
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import BytesIO
from xml.parsers import expat

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_PARTS = 1_000
MOST_GRID_CELLS = 1_000_000

ZIP_START = b"PK\x03\x04"
OLD_OFFICE_START = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ROW = re.compile(r"[1-9][0-9]{0,6}")
SAVE_AS = "请用 Excel 或 WPS 打开它,选择“另存为”,格式选“Excel 工作簿(.xlsx)”,再上传新文件。"


class UnreadableSheet(Exception):
    """The file can't be read as a sheet; says in Chinese what is wrong, and `hint` what to do."""

    def __init__(self, message: str, *, hint: str = SAVE_AS) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def repack(data: bytes) -> bytes:
    """Return the XML parts of an .xlsx file in a new archive, within all limits; raises UnreadableSheet."""
    _check_kind(data)
    fresh = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(fresh, "w") as new:
            for entry in _parts(old):
                part = old.read(entry)  # never more than the stated size, which was summed up before
                _look_through(part)
                new.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableSheet("文件已经损坏，打不开。") from error
    return fresh.getvalue()


def _check_kind(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise UnreadableSheet(
            "文件超过 10 MB，不能读取。", hint="请删去图片和用不到的工作表，另存为新的 .xlsx 文件后再上传。"
        )
    if data.startswith(OLD_OFFICE_START) and ENCRYPTED_STREAM in data:
        raise UnreadableSheet(
            "文件设置了打开密码，系统读不了。", hint="请在 Excel 或 WPS 里去掉打开密码，保存后再上传。"
        )
    if data.startswith(OLD_OFFICE_START):
        raise UnreadableSheet("这是旧格式的表格（.xls 或 .et），不能直接读取。")
    if not data.startswith(ZIP_START):
        raise UnreadableSheet("这个文件不是 Excel 表格（.xlsx）。")


def _parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        raise UnreadableSheet("这个文件不是 Excel 表格（.xlsx）。")
    if len(entries) > MOST_PARTS or len(set(names)) < len(names):
        raise _malformed()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise UnreadableSheet(
            "文件展开后超过 100 MB,不能读取。",
            hint="请删去图片和用不到的工作表，另存为新的 .xlsx 文件后再上传。",
        )
    return [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]


def _look_through(part: bytes) -> None:
    """Refuse anything but plain UTF-8 XML, and sheets whose filled cells span too large a rectangle."""
    if part.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # expat honours the byte order mark, the reader doesn't
        raise _malformed()
    grid = _Grid()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = grid.open
    parser.StartDoctypeDeclHandler = grid.refuse_doctype
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise UnreadableSheet("文件已经损坏，打不开。") from error


class _Grid:
    """Tracks the cells of one part; only cells with content extend the rectangle, as in the reader."""

    def __init__(self) -> None:
        self.row = self.at_row = self.at_column = 0
        self.rows = self.columns = 0

    def open(self, element: str, attributes: dict[str, str]) -> None:
        kind = element.rpartition(":")[2]
        if kind == "row":
            self._start_row(attributes.get("r"))
        elif kind == "c":
            self._move_to(attributes.get("r"))
        elif kind in {"v", "is", "f"}:
            self._fill()

    def refuse_doctype(self, *_: object) -> None:
        raise _malformed()

    def _start_row(self, number: str | None) -> None:
        if number is not None and not ROW.fullmatch(number):
            raise _malformed()
        self.row = int(number) if number else self.row + 1
        self.at_column = 0

    def _move_to(self, reference: str | None) -> None:
        if reference is None:
            self.at_row, self.at_column = self.row, self.at_column + 1
            return
        match = CELL.fullmatch(reference)
        if not match:
            raise _malformed()
        letters, digits = match.groups()
        self.at_row, self.at_column = int(digits), 0
        for letter in letters:
            self.at_column = self.at_column * 26 + ord(letter) - 64

    def _fill(self) -> None:
        self.rows, self.columns = max(self.rows, self.at_row), max(self.columns, self.at_column)
        if self.rows * self.columns > MOST_GRID_CELLS:
            raise UnreadableSheet(
                "工作表太大，或者很远的空白处还有内容。",
                hint="请新建一个工作簿，只把需要的行和列复制进去（粘贴为值），保存后再上传。",
            )


def _malformed() -> UnreadableSheet:
    return UnreadableSheet("文件的内部结构不正常，不能读取。")
