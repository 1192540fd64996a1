"""Registering (挂号): a problem gets its number as soon as it is accepted (M09)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import LedgerItem, Organisation, Person
from models.vocabulary import LedgerState, ObservationKind
from server import journal
from server.kernel.clock import business_date
from server.kernel.numbering import number_text
from server.kernel.places import Position
from server.kernel.unit_of_work import unit_of_work
from server.ledger.numbering import next_number


class Origin(Struct, frozen=True):
    """The record of another package that opened an item; the ledger keeps it and never reads it."""

    kind: str
    id: UUID


class NewItem(Struct, frozen=True):
    """The office's description of a matter, in its own words."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    kind: ObservationKind
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    task_id: UUID | None = None
    lead_unit_id: UUID | None = None
    category: Annotated[str, Meta(pattern="^[a-z0-9_]{1,24}$")] | None = None


@unit_of_work
async def register(
    new: NewItem,
    *,
    office: Organisation,
    at: Position | None,
    by: Person,
    now: datetime,
    origin: Origin | None = None,
) -> LedgerItem:
    """Open a ledger item under the office's next number, in one transaction; `at` is in WGS-84."""
    item = await enter_new(new, office=office, at=at, by=by, registered_at=now, origin=origin)
    await journal.record("ledger_item.registered", item, by=by, number=item.number_text)
    return item


async def enter_new(
    new: NewItem,
    *,
    office: Organisation,
    at: Position | None,
    by: Person,
    registered_at: datetime,
    origin: Origin | None = None,
) -> LedgerItem:
    """Create an item under the next number of its year; call it inside the unit of work that records it."""
    year = business_date(registered_at).year
    number = await next_number(office, year=year)
    return await LedgerItem.create(
        organisation=office,
        series=office.series,
        year=year,
        number=number,
        number_text=number_text(office.series or "", year, number),
        state=LedgerState.REGISTERED,
        kind=new.kind,
        category=new.category,
        title=new.title,
        summary=new.summary,
        place_name=new.place_name,
        wgs_latitude=at.latitude if at else None,
        wgs_longitude=at.longitude if at else None,
        task_id=new.task_id,
        lead_unit_id=new.lead_unit_id,
        origin_kind=origin.kind if origin else "",
        origin_id=origin.id if origin else None,
        registered_at=registered_at,
        registered_by=by,
    )
