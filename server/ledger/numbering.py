"""Ledger numbers (挂号), from the series that an organisation issues (LED-03)."""

from models import Organisation
from server.kernel import numbering
from server.kernel.refusal import Refusal


class NoSeries(Refusal):
    """The organisation can't issue numbers, because it has no series."""

    message_zh = "这个单位没有设置挂号代字，不能挂号。"
    hint_zh = "请系统管理员先在组织机构里填写挂号代字。"


async def next_number(organisation: Organisation, *, year: int) -> int:
    """Take the next number of an organisation's series; call it inside the unit of work that uses the number."""
    if not organisation.series:
        raise NoSeries
    return await numbering.next_number(organisation.id, series=organisation.series, year=year)
