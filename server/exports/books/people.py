"""The roster as a sheet: people with their duties, never with their real names."""

from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from models import Person
from server import people
from server.exports.book import Book, Column
from server.people import Actor, Permission, RosterFilter


async def find(actor: Actor, wanted: RosterFilter, _: datetime) -> QuerySet[Person]:
    """Select the people of the roster that match a filter."""
    return people.on_roster(actor, wanted)


async def complete(rows: list[dict[str, Any]]) -> None:
    """Add everybody's duties in words."""
    duties = await people.duties_in_words([row["id"] for row in rows])
    for row in rows:
        row["duties"] = "\n".join(duties.get(row["id"], []))


BOOK = Book(
    kind="people",
    title="人员名册",
    permission=Permission.SEE_PEOPLE,
    shape=RosterFilter,
    find=find,
    order=("designation", "id"),
    complete=complete,
    note="不含真实姓名和联系方式。",
    columns=(
        Column(field="designation", header="称呼", width=14),
        Column(field="organisation__name", header="单位", width=26),
        Column(field="duties", header="职责", width=60, is_told=True),
        Column(field="is_active", header="在用", width=6),
        Column(field="console_login__username", header="办公台账号", width=16),
    ),
)
