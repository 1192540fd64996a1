"""The ledger as a sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from models import LedgerItem, OldEntry
from models.vocabulary import LedgerState, ObservationKind, ReasonUse
from server import ledger
from server.exports.book import Book, Column, labels
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger import LedgerView
from server.people import Actor, Permission


async def find(actor: Actor, wanted: LedgerView, now: datetime) -> QuerySet[LedgerItem]:
    """Select the items of a view."""
    today = business_date(now)
    also = await ledger.narrowed(wanted, actor=actor, today=today, calendar=await calendar())
    return ledger.wanted(actor, wanted).filter(also)


async def complete(rows: list[dict[str, Any]]) -> None:
    """Add how often each item and its close-out requests were returned, and why, and the number in an older ledger.

    The column for the reason of a change stays empty, to be filled in before re-import.
    """
    ids = [row["id"] for row in rows]
    old = dict(await OldEntry.filter(item_id__in=ids).values_list("item_id", "old_number"))
    for row in rows:
        row["old_number"], row["remark"] = old.get(row["id"], ""), ""
    for use, prefix in ((ReasonUse.GIVE_BACK, "given_back"), (ReasonUse.SEND_BACK, "sent_back")):
        found = await ledger.returned_of(ids, use=use)
        for row in rows:
            returned = found.get(row["id"])
            row[prefix] = returned.times if returned else 0
            row[f"{prefix}_because"] = returned.words if returned else ""


def withhold(row: Mapping[str, Any], actor: Actor) -> Mapping[str, Any]:
    """Reduce the registration time to the day and remove the exact place for people outside the office. Pure."""
    if ledger.sees_sources(actor):
        return row
    return {
        **row,
        "wgs_latitude": None,
        "wgs_longitude": None,
        "registered_at": business_date(row["registered_at"]),
    }


BOOK = Book(
    kind="ledger",
    title="督察台账",
    permission=Permission.SEE_LEDGER,
    shape=LedgerView,
    find=find,
    complete=complete,
    withhold=withhold,
    order=("registered_at", "id"),
    note="坐标为WGS-84。改革办可以改后再导入。",
    columns=(
        Column(field="number_text", header="编号", width=18),
        Column(field="title", header="标题", width=32),
        Column(field="kind", header="类别", width=10, labels=labels(ObservationKind)),
        Column(field="state", header="状态", width=10, labels=labels(LedgerState)),
        Column(field="summary", header="情况摘要", width=48),
        Column(field="place_name", header="地点", width=26),
        Column(field="wgs_latitude", header="纬度（WGS-84）", width=14),
        Column(field="wgs_longitude", header="经度（WGS-84）", width=14),
        Column(field="task__code", header="任务编号", width=12),
        Column(field="lead_unit__name", header="牵头单位", width=22),
        Column(field="commissioner__designation", header="改革专员", width=12),
        Column(field="due_on", header="办理期限", width=12),
        Column(field="percent", header="进度（%）", width=8),
        Column(field="round", header="轮次", width=6),
        Column(field="registered_at", header="挂号时间", width=17),
        Column(field="dispatched_at", header="分办时间", width=17),
        Column(field="acknowledged_at", header="签收时间", width=17),
        Column(field="closed_at", header="销号时间", width=17),
        Column(field="given_back", header="单位退回次数", width=12, is_told=True),
        Column(field="given_back_because", header="单位退回理由", width=32, is_told=True),
        Column(field="sent_back", header="销号退回次数", width=12, is_told=True),
        Column(field="sent_back_because", header="销号退回理由", width=32, is_told=True),
        Column(field="old_number", header="原编号", width=14, is_told=True),
        Column(field="version", header="版本", width=6),
        Column(field="remark", header="修改说明", width=24, is_told=True),
    ),
)
