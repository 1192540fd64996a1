"""The supervision team's members as a sheet."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from tortoise.queryset import QuerySet

from models import TeamMember
from models.vocabulary import DeputyKind, MemberSource
from server import team
from server.exports.book import Book, Column, labels
from server.people import Actor, Permission


class MembersWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """The members from a source, or all."""

    source: MemberSource | None = None


async def find(actor: Actor, wanted: MembersWanted, _: datetime) -> QuerySet[TeamMember]:
    """Select the members of the actor's organisation and those below it."""
    return team.members_seen_by(actor, source=wanted.source)


async def complete(rows: list[dict[str, Any]]) -> None:
    """Add the end of each member's certificate."""
    ends = await team.certified_until([row["id"] for row in rows])
    for row in rows:
        row["certified_until"] = ends.get(row["id"])


BOOK = Book(
    kind="team",
    title="督察队员",
    permission=Permission.SEE_TEAM,
    shape=MembersWanted,
    find=find,
    order=("joined_on", "id"),
    complete=complete,
    columns=(
        Column(field="person__designation", header="称呼", width=14),
        Column(field="source", header="来源", width=16, labels=labels(MemberSource)),
        Column(field="deputy_kind", header="代表类别", width=16, labels=labels(DeputyKind)),
        Column(field="organisation__name", header="所属单位", width=26),
        Column(field="joined_on", header="入队", width=12),
        Column(field="certified_until", header="队员证有效期至", width=16, is_told=True),
    ),
)
