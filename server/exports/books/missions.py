"""The supervision missions as a sheet."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from tortoise.queryset import QuerySet

from models import Mission
from models.vocabulary import MissionState
from server import team
from server.exports.book import Book, Column, labels
from server.people import Actor, Permission


class MissionsWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The missions in a state, or all."""

    state: MissionState | None = None


async def find(actor: Actor, wanted: MissionsWanted, _: datetime) -> QuerySet[Mission]:
    """Select the missions that the actor's organisation organises, alone or jointly, and those they were sent on."""
    actor.reaches(Permission.SEE_MISSIONS)
    mine = team.missions_seen_by(actor)
    return mine.filter(state=wanted.state) if wanted.state else mine


async def complete(rows: list[dict[str, Any]]) -> None:
    """Add how many questions of the checklist were answered, and how many failed."""
    progress = await team.progress_of([row["id"] for row in rows])
    for row in rows:
        found = progress.get(row["id"])
        row["answered"] = f"{found.answered}/{found.questions}" if found else None
        row["failed"] = found.failed if found else None


BOOK = Book(
    kind="missions",
    title="督察任务",
    permission=Permission.SEE_MISSIONS,
    shape=MissionsWanted,
    find=find,
    order=("planned_on", "id"),
    complete=complete,
    columns=(
        Column(field="planned_on", header="日期", width=12),
        Column(field="title", header="任务", width=32),
        Column(field="state", header="状态", width=10, labels=labels(MissionState)),
        Column(field="organisation__name", header="组织单位", width=24),
        Column(field="partner__name", header="联合单位", width=24),
        Column(field="brief", header="要求", width=40),
        Column(field="answered", header="已查检查项", width=12, is_told=True),
        Column(field="failed", header="不合格", width=8, is_told=True),
        Column(field="summary", header="小结", width=48),
        Column(field="planned_by__designation", header="制定人", width=12),
        Column(field="finished_at", header="完成时间", width=17),
    ),
)
