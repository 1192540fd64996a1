"""Places of the ledger's items for a map: the database brings close ones together, none is read by itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import LedgerItem
from server.kernel.set_sql import rows_over

# The box that encloses all items has 96 × 54 cells: finer than what a sheet draws apart.
SPOTS = """
WITH placed AS (SELECT id, wgs_latitude AS north, wgs_longitude AS east FROM ({rows}) AS item OFFSET 0),
  box AS MATERIALIZED (SELECT min(north) AS south, min(east) AS west, NULLIF(max(north) - min(north), 0) / 54 AS high,
          NULLIF(max(east) - min(east), 0) / 96 AS wide FROM placed)
SELECT count(*) AS count, avg(north) AS latitude, avg(east) AS longitude, min(north) AS south, min(east) AS west,
  max(north) AS north, max(east) AS east, CASE WHEN count(*) = 1 THEN min(id::text) END AS item
FROM (SELECT placed.*, floor((north - south) / high) AS cell_up, floor((east - west) / wide) AS cell_across
      FROM placed, box OFFSET 0) AS seen
GROUP BY cell_up, cell_across
"""
COUNTS = """
SELECT count(*) AS total, count(wgs_latitude) AS placed FROM ({rows}) AS item
"""


@dataclass(frozen=True)
class Spot:
    """Items close together: how many, their middle and the corners around them in WGS-84; a single one's id."""

    count: int
    latitude: float
    longitude: float
    corners: tuple[float, float, float, float]  # south, west, north, east
    item_id: UUID | None


async def spots_of(items: QuerySet[LedgerItem]) -> list[Spot]:
    """Return the spots of the items that have a place; no items, no spots."""
    placed = items.filter(wgs_latitude__isnull=False).values("id", "wgs_latitude", "wgs_longitude")
    return [_spot(row) for row in await rows_over(placed, SPOTS)]


def inside(south: float, west: float, north: float, east: float) -> Q:
    """Return the condition for items within four corners, those on the edge included. Pure."""
    return Q(
        wgs_latitude__gte=south, wgs_latitude__lte=north, wgs_longitude__gte=west, wgs_longitude__lte=east
    )


async def count_placed(items: QuerySet[LedgerItem]) -> tuple[int, int]:
    """Count the items, and those of them that have a place."""
    (row,) = await rows_over(items.values("wgs_latitude"), COUNTS)
    return row["total"], row["placed"]


def _spot(row: dict[str, Any]) -> Spot:
    corners = (row["south"], row["west"], row["north"], row["east"])
    item_id = UUID(row["item"]) if row["item"] else None
    return Spot(row["count"], row["latitude"], row["longitude"], corners, item_id)
