"""Numbers: gapless per organisation, series and year, never reused (LED-03)."""

from tortoise import connections

from models import Organisation
from server.refusal import Refusal

# One statement takes the row's lock and the next number; it is given back if the transaction fails.
NEXT = """
INSERT INTO number_series (id, organisation_id, series, year, last_number)
VALUES (gen_random_uuid(), $1, $2, $3, 1)
ON CONFLICT (organisation_id, series, year) DO UPDATE SET last_number = number_series.last_number + 1
RETURNING last_number
"""


class NoSeries(Refusal):
    """The organisation gives no numbers: no series is set for it."""

    message_zh = "这个单位没有设置挂号代字,不能挂号。"
    hint_zh = "请系统管理员先在组织机构里填写挂号代字。"


async def next_number(organisation: Organisation, *, year: int) -> int:
    """Take the next number of an organisation's series; call it inside the deed that uses it."""
    if not organisation.series:
        raise NoSeries
    rows = await connections.get("default").execute_query_dict(
        NEXT, [organisation.id, organisation.series, year]
    )
    number: int = rows[0]["last_number"]
    return number


def number_text(series: str, year: int, number: int) -> str:
    """A number as it is written: 银改-2026-0001."""
    return f"{series}-{year}-{number:04d}"
