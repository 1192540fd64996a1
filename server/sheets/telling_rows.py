"""Telling the rows of a list from other rows below a header: sections, sums, notes. Pure."""

import re

from server.gateways.workbooks import Row
from server.sheets.finding_header import Header
from server.sheets.reading_cells import as_text, plain

NOTE = re.compile(r"合计|总计|小计|共计|备注|附注|注[:释]|说明|填表|填报|制表|审核|联系人|单位盖章")
SECTION = re.compile(r"第?[一二三四五六七八九十]+[、.章节部]|\([一二三四五六七八九十]+\)")


def why_no_row(row: Row, *, header: Header, needed: str) -> str:
    """Return why a row is not part of the list, or an empty string; only rows of the list fill the column `needed`."""
    texts = texts_of(row)
    if texts == texts_of(header.row):
        return "重复的表头"
    if NOTE.match(plain(texts[0])) and not as_text(header.cell(row, needed)):
        return "合计或说明行"
    if len(texts) == 1 and SECTION.match(plain(texts[0])):
        return "分节标题"
    return ""


def texts_of(row: Row) -> list[str]:
    """Return the texts of the cells that are not empty."""
    return [text for cell in row.cells if (text := as_text(cell))]
