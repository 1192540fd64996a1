"""The demo world's older ledger, imported from a sheet as an office would."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from server import ledger_sheets, people
from server.gateways.excel import SheetColumn, write_sheet
from server.kernel.clock import business_date

if TYPE_CHECKING:
    from server.trial.demo import World

HEADERS = ("原编号", "标题", "情况摘要", "地点", "牵头单位", "挂号时间", "办理期限")
A_MONTH = timedelta(days=30)


class OldLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the older ledger, dated relative to today."""

    old_number: str
    title: str
    months_ago: int
    due_in_days: int
    summary: str = ""
    place_name: str = ""
    unit: str = ""


async def take_over_old_ledger(world: "World") -> None:
    """Preview, confirm and import the sheet of the older ledger."""
    today = business_date(world.now)
    chen = await people.actor_as(world.persons["chen"], on=today)
    rows = [
        (
            line.old_number,
            line.title,
            line.summary,
            line.place_name,
            world.organisations[line.unit].name if line.unit else None,
            today - line.months_ago * A_MONTH,
            today + timedelta(days=line.due_in_days),
        )
        for line in world.read("old_ledger", list[OldLine])
    ]
    columns = [SheetColumn(header=header) for header in HEADERS]
    sheet = await asyncio.to_thread(write_sheet, columns, rows, title="以前年度督察台账")
    seen = await ledger_sheets.preview(sheet, source_name="以前年度台账.xlsx", by=chen, now=world.now)
    if seen.kept is None:
        raise RuntimeError(f"the demo's older ledger cannot be taken over: {seen.problems}")
    await ledger_sheets.confirm(seen.kept.id, by=chen, now=world.now)
    await ledger_sheets.bring_in(seen.kept.id, tools=world.tools)
