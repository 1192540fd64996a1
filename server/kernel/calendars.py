"""Loads the office's calendar: announced days from the database, then the libraries."""

from datetime import date
from functools import lru_cache

from tortoise import connections

from server.kernel.workdays import Announced, Calendar

Row = tuple[date, bool, str]


# Nearly every list and page asks for it, so its statement is not built anew each time.
DAYS = """
SELECT one.day, one.is_workday, one.note FROM calendar_day one JOIN calendar_notice notice ON notice.id = one.notice_id
WHERE notice.replaced_at IS NULL ORDER BY notice.loaded_at, one.notice_id
"""


async def calendar() -> Calendar:
    """Return the current calendar; if two notices name the same day, the one loaded later wins."""
    rows = await connections.get("default").execute_query_dict(DAYS)
    return _made_of(tuple((row["day"], row["is_workday"], row["note"]) for row in rows))


@lru_cache(maxsize=8)  # the same days make the same calendar, which has counted its years already
def _made_of(days: tuple[Row, ...]) -> Calendar:
    return Calendar({day: Announced(is_workday, note) for day, is_workday, note in days})
