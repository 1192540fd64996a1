"""The columns of the ledger as a sheet, defined once for what goes out and what may come in (DAT-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.vocabulary import LedgerState, ObservationKind, Word
from server.clock import SHANGHAI
from server.gateways.excel import LONGEST_TEXT, Cell, SheetColumn


@dataclass(frozen=True, kw_only=True)
class LedgerColumn:
    """A column: its header, and the field of an item it shows."""

    field: str
    header: str
    width: int
    labels: Mapping[str, str] | None = None  # for a field of codes: the words that the sheet shows


def _labels(words: type[Word]) -> dict[str, str]:
    return {word.value: word.label for word in words}


COLUMNS = (
    LedgerColumn(field="number_text", header="编号", width=18),
    LedgerColumn(field="title", header="标题", width=32),
    LedgerColumn(field="kind", header="类别", width=10, labels=_labels(ObservationKind)),
    LedgerColumn(field="state", header="状态", width=10, labels=_labels(LedgerState)),
    LedgerColumn(field="summary", header="情况摘要", width=48),
    LedgerColumn(field="place_name", header="地点", width=26),
    LedgerColumn(field="wgs_latitude", header="纬度（WGS-84）", width=14),
    LedgerColumn(field="wgs_longitude", header="经度（WGS-84）", width=14),
    LedgerColumn(field="task__code", header="任务编号", width=12),
    LedgerColumn(field="lead_unit__name", header="牵头单位", width=22),
    LedgerColumn(field="commissioner__designation", header="改革专员", width=12),
    LedgerColumn(field="due_on", header="办理期限", width=12),
    LedgerColumn(field="percent", header="进度（%）", width=8),
    LedgerColumn(field="round", header="轮次", width=6),
    LedgerColumn(field="registered_at", header="挂号时间", width=17),
    LedgerColumn(field="dispatched_at", header="分办时间", width=17),
    LedgerColumn(field="acknowledged_at", header="签收时间", width=17),
    LedgerColumn(field="closed_at", header="销号时间", width=17),
)
FIELDS = tuple(column.field for column in COLUMNS)


def sheet_columns() -> list[SheetColumn]:
    """The columns as the sheet's writer takes them."""
    return [SheetColumn(header=column.header, width=column.width) for column in COLUMNS]


def cells_of(row: Mapping[str, Any]) -> list[Cell]:
    """An item's fields as the cells of its row: words as labels, instants as Shanghai time to the second."""
    return [_cell(row[column.field], labels=column.labels) for column in COLUMNS]


def _cell(value: Any, *, labels: Mapping[str, str] | None) -> Cell:
    if value is None or value == "":
        return None
    if labels:
        return labels[value]
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    cell: Cell = value
    return cell
