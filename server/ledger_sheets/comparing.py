"""Comparing a line with the item whose number it has: no change, a change, or a problem. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models import LedgerItem
from server.gateways.workbooks import Cell
from server.kernel.refusal import Refusal
from server.ledger import NewItem, amended_fields, check_amend, check_postpone
from server.ledger_sheets.columns import DUE, EDITABLE, HEADERS, NUMBER, REMARK, TASK, UNIT, VERSION
from server.ledger_sheets.reading_cells import Names, Reader, number_of, says_the_same, written
from server.ledger_sheets.sheet_rows import Change, SheetRow
from server.sheets.problems import Problem
from server.sheets.reading_cells import as_text
from server.tasks import FieldChange

NOT_COMPARED = (NUMBER, VERSION, REMARK)
OF_ITEM = {TASK: "task_id", UNIT: "lead_unit_id"}  # columns whose item field has another name


@dataclass(frozen=True, kw_only=True)
class Known:
    """An item as the sheet's sender may know it, and whether they may decide on it."""

    item: LedgerItem
    cells: Mapping[str, Cell]
    is_mine: bool


def compare(line: SheetRow, known: Known, *, names: Names) -> tuple[Change | None, list[Problem]]:
    """Return the change a line asks for, or None, and the problems of the line."""
    differing = [key for key in line.cells if key not in NOT_COMPARED and _differs(line, known, key)]
    reader = Reader(line=line, names=names)
    wish = _wish(line, known, [key for key in differing if key in EDITABLE], reader=reader)
    version = number_of(line.cells.get(VERSION))
    if version != known.item.version:
        return None, _stale(line, version, names=names) if wish.fields or reader.problems else []
    locked = [key for key in differing if key not in EDITABLE and as_text(line.cells[key])]
    if not (wish.fields or reader.problems or locked):
        return None, []
    if not known.is_mine:
        reader.wrong("", "这一件不归您办理，不能修改。", advice="请删去这一行，或请挂号的单位修改。")
        return None, reader.problems[-1:]
    for key in locked:
        reader.wrong(key, "这一列不能在表里改。", advice="请改回原来的内容，需要办理的请到这一件的页面上办。")
    _check(wish, known.item, reader=reader)
    return (None if reader.problems else wish), reader.problems


def _differs(line: SheetRow, known: Known, key: str) -> bool:
    return not says_the_same(line.cells[key], known.cells[key])


def _stale(line: SheetRow, version: int | None, *, names: Names) -> list[Problem]:
    reader = Reader(line=line, names=names)
    if version is None:
        advice = "请从台账导出，在导出的表里修改，不要改动“版本”这一列。"
        reader.wrong(VERSION, "没有版本，看不出是按哪一次导出改的。", advice=advice)
    else:
        advice = "请重新导出，把要改的再改一次；或者删去这一行。"
        reader.wrong(VERSION, "导出以后别的同志办理过这一件，这一行已经旧了。", advice=advice)
    return reader.problems


def _wish(line: SheetRow, known: Known, wished: list[str], *, reader: Reader) -> Change:
    """Return the change a line means, permitted or not; `fields` is empty if it means nothing new."""
    item = known.item
    to, until_on = _to(item, wished, reader=reader), _until(item, wished, reader=reader)
    amended = amended_fields(item, to)
    is_moved = DUE in wished and until_on != item.due_on
    asked = [key for key in wished if (is_moved if key == DUE else OF_ITEM.get(key, key) in amended)]
    return Change(
        row=line.row,
        item_id=item.id,
        number=item.number_text,
        title=item.title,
        version=item.version,
        fields=[_shown(line, known, key) for key in asked],
        to=to if amended else None,
        until_on=until_on if is_moved else None,
        reason=written(line.cells.get(REMARK)),
    )


def _check(wish: Change, item: LedgerItem, *, reader: Reader) -> None:
    """Note why a change is not permitted, as the operations themselves would say."""
    is_moved = any(field.column == HEADERS[DUE] for field in wish.fields)
    try:
        if wish.to:
            check_amend(item, wish.to)
        if wish.until_on:
            check_postpone(item, wish.until_on, today=reader.names.today)
    except Refusal as refusal:
        return reader.wrong("", refusal.message, advice=refusal.hint)
    if is_moved and wish.until_on is None and not reader.problems:
        reader.wrong(DUE, "期限不能去掉。", advice="请改回原来的日期。")
    if wish.until_on and not reader.text(REMARK):
        reader.wrong(REMARK, "改了办理期限，没有写明原因。", advice="请写明延期的原因，承办单位会看到。")
    return None


def _to(item: LedgerItem, wished: list[str], *, reader: Reader) -> NewItem:
    """Return the item as the line wants it, except for its deadline."""
    return NewItem(
        title=reader.title() if "title" in wished else item.title,
        kind=reader.kind(usual=item.kind) if "kind" in wished else item.kind,
        summary=reader.text("summary") if "summary" in wished else item.summary,
        place_name=reader.text("place_name") if "place_name" in wished else item.place_name,
        task_id=reader.task_id() if TASK in wished else item.task_id,
        lead_unit_id=reader.unit_id() if UNIT in wished else item.lead_unit_id,
    )


def _until(item: LedgerItem, wished: list[str], *, reader: Reader) -> date | None:
    if DUE not in wished:
        return None
    year = item.due_on.year if item.due_on else reader.names.today.year
    return reader.day(DUE, year=year, example=f"{year}-12-31")


def _shown(line: SheetRow, known: Known, key: str) -> FieldChange:
    return FieldChange(column=HEADERS[key], old=written(known.cells[key]), new=written(line.cells[key]))
