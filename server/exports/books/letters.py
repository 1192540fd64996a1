"""The register of letters as a sheet: every number of a kind and year, used and voided."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from tortoise.queryset import QuerySet

from models import Letter
from models.vocabulary import LetterState
from server import letters
from server.exports.book import Book, Column, labels
from server.people import Actor, Permission


class RegisterWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The year, and a kind or all."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    kind: Annotated[str, Meta(max_length=24)] = ""


async def find(actor: Actor, wanted: RegisterWanted, _: datetime) -> QuerySet[Letter]:
    """Select the signed letters that the actor may see."""
    found = letters.seen_by(actor, Permission.SEE_LETTER_REGISTER).filter(number__isnull=False)
    if wanted.year:
        found = found.filter(year=wanted.year)
    return found.filter(kind=wanted.kind) if wanted.kind else found


BOOK = Book(
    kind="letters",
    title="发文登记簿",
    permission=Permission.SEE_LETTER_REGISTER,
    shape=RegisterWanted,
    find=find,
    order=("year", "series", "number", "id"),
    columns=(
        Column(field="number_text", header="文号", width=22),
        Column(field="series", header="种类", width=10),
        Column(field="title", header="标题", width=40),
        Column(field="addressee", header="主送", width=26),
        Column(field="copy_to", header="抄送", width=20),
        Column(field="item__number_text", header="事项编号", width=18),
        Column(field="issued_on", header="成文日期", width=12),
        Column(field="drafted_by__designation", header="起草人", width=12),
        Column(field="issued_by__designation", header="签发人", width=12),
        Column(field="received_by__designation", header="签收人", width=12),
        Column(field="received_at", header="签收时间", width=17),
        Column(field="reply_due_on", header="反馈期限", width=12),
        Column(field="state", header="状态", width=10, labels=labels(LetterState)),
        Column(field="void_reason", header="作废理由", width=26),
    ),
)
