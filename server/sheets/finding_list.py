"""Finding the sheet of a workbook that holds a list, and reporting what else is in the file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.gateways.workbooks import Row, Sheet
from server.sheets.columns import Column
from server.sheets.finding_header import Header, find_header

MOST_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class FoundList:
    """A list: its header, the rows below it, and what its sender should know about how it was read."""

    header: Header
    rows: list[Row]
    notes: list[str]


def find_list(sheets: Sequence[Sheet], *, columns: Sequence[Column]) -> FoundList | None:
    """Return the list of the first sheet with a header, or None; raises a sheet's error if no list was found."""
    headers = {
        at: header for at, one in enumerate(sheets) if (header := find_header(one.rows, columns=columns))
    }
    if not headers:
        for one in sheets:
            if one.trouble:
                raise one.trouble
        return None
    at, header = next(iter(headers.items()))
    sheet = sheets[at]
    late = frozenset(one.key for one in columns if one.is_day) if sheet.counts_from_1904 else frozenset()
    rows = [row for row in sheet.rows if row.number > header.row.number]
    others = [sheets[other].name for other in headers if other != at]
    return FoundList(
        header=replace(header, late_days=late),
        rows=rows,
        notes=_notes(sheet, rows, is_first=at == 0, others=others),
    )


def names_of(sheets: Sequence[Sheet]) -> str:
    """Return the names of the sheets searched, for the text of a refusal."""
    return "、".join(f"“{one.name}”" for one in sheets)


def _notes(sheet: Sheet, rows: Sequence[Row], *, is_first: bool, others: Sequence[str]) -> list[str]:
    notes = [] if is_first else [f"读的是工作表“{sheet.name}”。"]
    if others:
        named = "、".join(f"“{one}”" for one in others)
        notes.append(f"工作表{named}也有这样的表头，没有读入；需要的话请另存为一个文件再上传。")
    if hidden := sorted({row.number for row in rows} & set(sheet.hidden)):
        named = "、".join(map(str, hidden[:MOST_NAMED])) + ("等" if len(hidden) > MOST_NAMED else "")
        notes.append(f"第{named}行在表里是隐藏的（共{len(hidden)}行），也读入了；不要的请取消隐藏后删去。")
    return notes
