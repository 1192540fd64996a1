"""The office's cases as a sheet."""

from datetime import datetime

from msgspec import Struct
from tortoise.queryset import QuerySet

from models import Case
from models.vocabulary import CaseState, DayPart
from server import cases
from server.exports.book import Book, Column, labels
from server.people import Actor, Permission


class CasesWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The cases in a state, or all."""

    state: CaseState | None = None


async def find(actor: Actor, wanted: CasesWanted, _: datetime) -> QuerySet[Case]:
    """Select the cases of the offices for which the actor writes cases."""
    mine = cases.told_by(actor)
    return mine.filter(state=wanted.state) if wanted.state else mine


BOOK = Book(
    kind="cases",
    title="转办件",
    permission=Permission.TELL_UNITS,
    shape=CasesWanted,
    find=find,
    order=("opened_at", "id"),
    columns=(
        Column(field="item__number_text", header="编号", width=18),
        Column(field="item__title", header="事项", width=32),
        Column(field="state", header="状态", width=10, labels=labels(CaseState)),
        Column(field="unit__name", header="承办单位", width=22),
        Column(field="summary", header="情况", width=60),
        Column(field="place_name", header="地点", width=26),
        Column(field="seen_on", header="发现日期", width=12),
        Column(field="seen_part", header="时段", width=8, labels=labels(DayPart)),
        Column(field="opened_by__designation", header="编写人", width=12),
        Column(field="opened_at", header="编写时间", width=17),
        Column(field="released_on", header="转出日期", width=12),
    ),
)
