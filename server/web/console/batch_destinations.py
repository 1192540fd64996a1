"""The unit and the due date of each row in a batch, typed into fields that start with the item's own values."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from models import LedgerItem
from server.kernel.refusal import Refusal
from server.ledger import Row
from server.web.console.choices import units_by_name
from server.web.console.refusals import DayNotRead, UnitNotKnown

UNIT, DUE = "unit-", "due-"  # the fields of a row, each named by its item's id


def fields_of(items: Sequence[LedgerItem], typed: Mapping[str, str]) -> dict[UUID, tuple[str, str]]:
    """Return the values in each row's fields: as typed, else the item's (or its task's) unit and deadline. Pure."""
    found = {}
    for item in items:
        unit = item.lead_unit or (item.task.lead_unit if item.task else None)
        usual = (unit.name if unit else "", item.due_on.isoformat() if item.due_on else "")
        found[item.id] = (typed.get(f"{UNIT}{item.id}", usual[0]), typed.get(f"{DUE}{item.id}", usual[1]))
    return found


async def destinations(
    rows: Sequence[Row], typed: Mapping[str, str]
) -> tuple[dict[UUID, dict[str, Any]], dict[UUID, Refusal]]:
    """Return what was typed into the rows, and a refusal for each row that can't be read."""
    known = await units_by_name()
    found: dict[UUID, dict[str, Any]] = {}
    wrong: dict[UUID, Refusal] = {}
    for row in rows:
        try:
            found[row.item_id] = _destination(row.item_id, typed, known)
        except (UnitNotKnown, DayNotRead) as refusal:
            wrong[row.item_id] = refusal
    return found, wrong


def _destination(item_id: UUID, typed: Mapping[str, str], known: Mapping[str, UUID]) -> dict[str, Any]:
    unit, day = typed.get(f"{UNIT}{item_id}", "").strip(), typed.get(f"{DUE}{item_id}", "").strip()
    if unit and unit not in known:
        raise UnitNotKnown(f"系统里没有名为“{unit}”的单位。")
    try:
        found = {"unit_id": known.get(unit), "due_on": date.fromisoformat(day) if day else None}
    except ValueError as error:
        raise DayNotRead from error
    return {name: value for name, value in found.items() if value}
