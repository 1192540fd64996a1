"""The reports awaiting review, or those decided, as a sheet without their senders."""

from datetime import datetime
from typing import Literal

from msgspec import Struct
from tortoise.queryset import QuerySet

from models import Observation
from models.vocabulary import Anonymity, ObservationKind, ObservationState, PlaceGrade, Role
from server import observations
from server.exports.book import Book, Column, labels
from server.kernel.clock import business_date
from server.people import Actor, Permission

S = ObservationState


class ReportsWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The queue of the review page that is wanted."""

    show: Literal["waiting", "overdue", "more_asked", "answered", "decided"] = "waiting"


async def find(actor: Actor, wanted: ReportsWanted, now: datetime) -> QuerySet[Observation]:
    """Select the reports of a queue that the actor may review."""
    mine = observations.reviewable(actor)
    match wanted.show:
        case "more_asked":
            return mine.filter(state=S.MORE_ASKED)
        case "answered":
            return mine.filter(reporter_wrote_at__isnull=False)
        case "decided":
            return mine.filter(state__in=(S.REGISTERED, S.DECLINED))
        case "overdue":
            mine = mine.filter(promised_on__lt=business_date(now))
    return mine.filter(state__in=observations.QUEUE)


BOOK = Book(
    kind="reports",
    title="上报审核",
    permission=Permission.REVIEW_OBSERVATIONS,
    shape=ReportsWanted,
    find=find,
    order=("promised_on", "received_at", "id"),
    note="不含上报人身份。坐标为WGS-84。",
    columns=(
        Column(field="receipt_number", header="回执号", width=16),
        Column(field="kind", header="类别", width=10, labels=labels(ObservationKind)),
        Column(field="state", header="状态", width=10, labels=labels(ObservationState)),
        Column(field="text", header="情况", width=60),
        Column(field="place_name", header="地点", width=26),
        Column(field="wgs_latitude", header="纬度（WGS-84）", width=14),
        Column(field="wgs_longitude", header="经度（WGS-84）", width=14),
        Column(field="place_grade", header="位置可信程度", width=14, labels=labels(PlaceGrade)),
        Column(field="reporter_role", header="上报渠道", width=12, labels=labels(Role)),
        Column(field="anonymity", header="身份保护", width=14, labels=labels(Anonymity)),
        Column(field="task__code", header="任务编号", width=12),
        Column(field="received_at", header="收到时间", width=17),
        Column(field="promised_on", header="答复期限", width=12),
        Column(field="decided_at", header="处理时间", width=17),
        Column(field="ledger_item__number_text", header="台账编号", width=18),
        Column(field="reply", header="答复", width=40),
    ),
)
