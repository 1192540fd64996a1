"""The audience of a report: how many people could have sent it, which the office checks before telling a unit (R2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from uuid import UUID

from tortoise.queryset import QuerySet

from models import Observation
from models.vocabulary import Datum
from server import reporters
from server.cases.reading import item_told_by, reports_behind
from server.kernel.places import Position, distance_m
from server.people import Actor

FEWEST = 5
ACTIVE_FOR = timedelta(days=30)
NEAR_M = 2000.0
METRES_PER_DEGREE = 111_000.0


@dataclass(frozen=True)
class Audience:
    """The number of people who could have reported; None if nobody did, because the office found the problem itself."""

    people: int | None

    @property
    def is_narrow(self) -> bool:
        """Return whether the unit could guess the reporter."""
        return self.people is not None and self.people < FEWEST

    @property
    def words(self) -> str:
        """Return what the office reads before it opens a case."""
        if self.people is None:
            return "这件事没有上报人，可以直接转办。"
        found = f"近30天在同一任务或2公里范围内上报过的有{self.people}人"
        if self.is_narrow:
            return f"{found}，不到{FEWEST}人，承办单位有可能猜出是谁上报的。"
        return f"{found}，承办单位猜不出是谁上报的。"


async def possible_reporters(item_id: UUID, *, by: Actor, now: datetime) -> Audience:
    """Count the people who reported on the same task or within 2 km from 30 days before the report until now."""
    await item_told_by(by, item_id)
    return await audience_of(await reports_behind(item_id), now=now)


async def audience_of(reports: Sequence[Observation], *, now: datetime) -> Audience:
    """Count the people who could have sent these reports."""
    if not reports:
        return Audience(None)
    alike: set[UUID] = set()
    for report in reports:
        alike |= await _alike(report, now=now)
    senders = await reporters.reporters_of(alike)
    return Audience(len(set(senders.values())) + (len(senders) < len(alike)))


async def _alike(report: Observation, *, now: datetime) -> set[UUID]:
    """Return the reports whose senders could have sent this one; those without a known sender count as one person."""
    active = Observation.filter(received_at__gte=report.received_at - ACTIVE_FOR, received_at__lte=now)
    found = {report.id}
    if report.task_id:
        found |= {row["id"] for row in await active.filter(task_id=report.task_id).values("id")}
    if report.wgs_latitude is not None and report.wgs_longitude is not None:
        found |= await _near(active, Position(report.wgs_latitude, report.wgs_longitude, Datum.WGS84))
    return found


async def _near(active: QuerySet[Observation], here: Position) -> set[UUID]:
    """Select by a box in the query, then by exact distance."""
    north = NEAR_M / METRES_PER_DEGREE
    east = north / max(0.01, cos(radians(here.latitude)))
    rows = await active.filter(
        wgs_latitude__range=(here.latitude - north, here.latitude + north),
        wgs_longitude__range=(here.longitude - east, here.longitude + east),
    ).values("id", "wgs_latitude", "wgs_longitude")
    return {
        row["id"]
        for row in rows
        if distance_m(here, Position(row["wgs_latitude"], row["wgs_longitude"], Datum.WGS84)) <= NEAR_M
    }
