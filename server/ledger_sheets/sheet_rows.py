"""The plain values passed between reading, comparing and importing a ledger sheet; no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from server.gateways.workbooks import Cell
from server.ledger import NewItem, OldItem
from server.tasks import FieldChange


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row of the sheet: its number as Excel shows it, and the cells it has, by column."""

    row: int
    cells: Mapping[str, Cell]


class Change(Struct, frozen=True, kw_only=True, tag="change"):
    """An item to be amended, to get a later deadline, or both; `fields` names the changes for people."""

    row: int
    item_id: UUID
    number: str
    title: str
    version: int
    fields: list[FieldChange]
    to: NewItem | None = None
    until_on: date | None = None
    reason: str = ""


class TakeOver(Struct, frozen=True, kw_only=True, tag="take_over"):
    """A line of an older ledger that is to get a number; number and item are known once it has one."""

    row: int
    title: str
    fields: list[FieldChange]
    old: OldItem
    number: str = ""
    item_id: UUID | None = None


Wish = Change | TakeOver


def wishes_of(kept: Iterable[dict[str, Any]]) -> list[Wish]:
    """Return what a sheet asks for, from its stored form."""
    return msgspec.convert(list(kept), list[Wish])
