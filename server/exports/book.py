"""A book: a list that can be exported as a sheet, with its columns and what each person may find in it (DAT-04)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.vocabulary import Word
from server.gateways.excel import LONGEST_TEXT, SheetColumn
from server.gateways.workbooks import Cell
from server.kernel.clock import SHANGHAI
from server.people import Actor, Permission

BATCH = 1_000


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its header and the field it shows; `is_told` if `complete` writes it into the row."""

    field: str
    header: str
    width: int
    labels: Mapping[str, str] | None = None  # for a field of codes: the words shown in the sheet
    is_told: bool = False


Find = Callable[[Actor, Any, datetime], Awaitable[QuerySet[Any]]]
Withhold = Callable[[Mapping[str, Any], Actor], Mapping[str, Any]]
Complete = Callable[[list[dict[str, Any]]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Book:
    """A list with a filter. `find` selects what an actor may see of it now, or raises NotAllowed.

    Rows are written in the order of the fields of `order`, the last of which is unique. `needs` are fields that
    `complete` needs besides those of the columns; `withhold` removes from a row what an actor must not know.
    """

    kind: str
    title: str
    permission: Permission  # needed to see the list at all
    shape: type[Struct]
    columns: tuple[Column, ...]
    find: Find
    order: tuple[str, ...] = ("id",)
    complete: Complete | None = None
    withhold: Withhold | None = None
    needs: tuple[str, ...] = ()
    note: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that are read from the database."""
        own = [column.field for column in self.columns if not column.is_told]
        return tuple(dict.fromkeys([*own, *self.order, *self.needs]))


def labels(words: type[Word]) -> dict[str, str]:
    """Return the label of each word of a vocabulary."""
    return {word.value: word.label for word in words}


def sheet_columns(book: Book) -> list[SheetColumn]:
    """Return the columns in the form the sheet writer takes."""
    return [SheetColumn(header=column.header, width=column.width) for column in book.columns]


def told(book: Book, row: Mapping[str, Any], *, to: Actor) -> Mapping[str, Any]:
    """Return a row as the actor may know it."""
    return book.withhold(row, to) if book.withhold else row


def cells_of(book: Book, row: Mapping[str, Any]) -> list[Cell]:
    """Return a row's cells: words as labels, instants in Shanghai time to the second."""
    return [_cell(row[column.field], labels=column.labels) for column in book.columns]


async def found(book: Book, actor: Actor, wanted: Any, *, now: datetime) -> QuerySet[Any]:
    """Select a filter's rows by id, so that batches are cut by the index instead of sorting the whole result."""
    rows = await book.find(actor, wanted, now)
    whole: QuerySet[Any] = rows.model.filter(id__in=Subquery(rows.values("id")))
    return whole


async def batches(book: Book, rows: QuerySet[Any]) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the rows as plain values, paged by keyset, so that concurrent writes shift nothing."""
    after = Q()
    while batch := await rows.filter(after).order_by(*book.order).limit(BATCH).values(*book.fields):
        after = _behind(book.order, batch[-1])
        if book.complete:
            await book.complete(batch)
        yield batch


def _behind(order: tuple[str, ...], last: Mapping[str, Any]) -> Q:
    """Select the rows that follow a row, in an order whose fields are never null. Pure."""
    first, *rest = order
    later = Q(**{f"{first}__gt": last[first]})
    return later | (Q(**{first: last[first]}) & _behind(tuple(rest), last)) if rest else later


def _cell(value: Any, *, labels: Mapping[str, str] | None) -> Cell:
    if value is None or value == "":
        return None
    if labels:
        return labels[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    if isinstance(value, str | UUID):
        return str(value)[:LONGEST_TEXT]
    cell: Cell = value
    return cell
