"""Lists of observers as sheets: what the office fills in, read line by line, and the empty template. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.workbooks import Row, Sheet
from server.scoring import Group
from server.sheets.columns import Column
from server.sheets.finding_header import Header
from server.sheets.finding_list import find_list, names_of
from server.sheets.problems import Problem, Skipped
from server.sheets.reading_cells import as_text
from server.sheets.telling_rows import texts_of, why_no_row
from server.site_visits.refusals import ObserverSheetUnreadable

DESIGNATION, UNIT, GROUP = "designation", "unit", "group"
COLUMNS = (
    Column(
        key=DESIGNATION,
        header="称谓",
        aliases=("观察员", "姓名", "人员", "评委", "代表委员"),
        width=18,
        hint="填系统“组织与人员”里的称谓，每行一位。",
    ),
    Column(
        key=UNIT,
        header="单位",
        aliases=("所在单位", "工作单位", "单位名称", "所属单位"),
        width=24,
        hint="填系统里的全称或简称；没有单位的留空。",
    ),
    Column(
        key=GROUP,
        header="评审组",
        aliases=("组别", "分组", "所在组", "评议组"),
        width=14,
        hint="填这次观摩评分规则里的评审组；合并的单元格请拆开，每行都填。",
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
NOTES = (
    "填写说明：每行一位观察员；表头请勿改动，可以增删行；标题、说明、合计行和空行不会读入。",
    "只按称谓和单位认人，用系统里的写法；电话、证件号等不会读入，请不要填在表里。",
)
MOST_LINES = 500


class Line(Struct, frozen=True, kw_only=True):
    """A row of the list: whom it names and the group, as typed; `row` as Excel counts."""

    row: int
    designation: str
    unit: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sheet as read: its lines, its problems, and what was not taken for a line."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_list(sheets: Sequence[Sheet]) -> Reading:
    """Return the list in a file's sheets; raises ObserverSheetUnreadable if it has no header, no line or too many.

    Raises UnreadableSheet if the only sheet that could hold it can't be read.
    """
    found = find_list(sheets, columns=COLUMNS)
    if found is None:
        raise ObserverSheetUnreadable(f"在工作表{names_of(sheets)}里没有找到观察员名单的表头。")
    reading = Reading(
        problems=list(found.header.problems), unknown_columns=found.header.unknown, notes=found.notes
    )
    for row in found.rows:
        _read_row(row, header=found.header, into=reading)
    if not reading.lines and not reading.problems:
        raise ObserverSheetUnreadable("表头下面没有观察员。")
    if len(reading.lines) > MOST_LINES:
        raise ObserverSheetUnreadable(f"名单有{len(reading.lines)}行，一次最多导入{MOST_LINES}人。")
    return reading


def write_template(*, designations: Sequence[str], units: Sequence[str], groups: Sequence[Group]) -> bytes:
    """Return an empty list with the people, units and groups to choose from. Blocks: use a thread."""
    choices = {DESIGNATION: designations, UNIT: units, GROUP: [group.name for group in groups]}
    columns = [
        SheetColumn(
            header=column.header,
            width=column.width,
            hint=column.hint,
            choices=choices[column.key],
            other_allowed=True,
        )
        for column in COLUMNS
    ]
    return write_sheet(columns, [], title="观摩评议观察员名单", notes=NOTES)


def problem(row: int, key: str, what: str, *, advice: str) -> Problem:
    """Return a problem in one column of a row; an empty key means the whole row."""
    return Problem(row=row, column=BY_KEY[key].header if key else "", what=what, advice=advice)


def _read_row(row: Row, *, header: Header, into: Reading) -> None:
    if why := why_no_row(row, header=header, needed=GROUP):
        into.skipped.append(Skipped(row=row.number, text=texts_of(row)[0], why=why))
        return
    cells = {column.key: as_text(header.cell(row, column.key)) for column in COLUMNS}
    if not any(cells.values()):  # only something beside the list
        into.skipped.append(Skipped(row=row.number, text=texts_of(row)[0], why="称谓、单位和评审组都没有填"))
        return
    broken = header.broken(row, columns=COLUMNS)
    into.lines.append(Line(row=row.number, **cells))
    into.problems.extend(broken or _missing(row.number, cells, header=header))


def _missing(row: int, cells: dict[str, str], *, header: Header) -> list[Problem]:
    return [
        problem(row, key, "没有填写。", advice=f"请补上：{BY_KEY[key].hint}")
        for key in (DESIGNATION, GROUP)
        if key in header.places and not cells[key]
    ]
