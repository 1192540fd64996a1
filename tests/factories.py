"""Starting points of many tests: ledger items made through the office's commands."""

from datetime import date, datetime
from typing import Any

from models import LedgerItem, Letter, Organisation, Person
from models.vocabulary import ObservationKind
from server import ledger, letters
from server.kernel.places import Position
from server.ledger import NewItem
from server.letters.commands import Draft
from server.people import Actor
from tests.acting import act


async def registered_item(
    office: Any,
    *,
    by: Any,
    title: str = "路口坑槽",
    kind: ObservationKind = ObservationKind.PROBLEM,
    root: Organisation | None = None,
    at: Position | None = None,
    now: datetime | None = None,
    new: dict[str, Any] | None = None,
    **columns: Any,
) -> LedgerItem:
    """Register an item under the next number of the office (or of `root`), by a person, desk, phone or actor.

    `new` holds further fields of the item. `columns` are set without the actions that lead there: use them where a
    test starts from an item's state, not from how it got there.
    """
    item = await ledger.register(
        NewItem(title, kind, **new or {}),
        office=root or office.root,
        at=at,
        by=person_of(by),
        now=now or office.watch.now(),
    )
    if columns:
        await LedgerItem.filter(id=item.id).update(**columns)
        await item.refresh_from_db()
    return item


async def dispatched_item(
    office: Any,
    *,
    by: Any,
    unit: Organisation | None = None,
    commissioner: Any = None,
    days: int | None = None,
    due_on: date | None = None,
    now: datetime | None = None,
    **item: Any,
) -> LedgerItem:
    """Register an item and dispatch it to the bureau (or to `unit`), to one of its commissioners if given."""
    now = now or office.watch.now()
    made = await registered_item(office, by=by, now=now, **item)
    return await act(
        ledger.dispatch,
        made.id,
        version=made.version,
        unit_id=(unit or office.bureau).id,
        commissioner_id=person_of(commissioner).id if commissioner else None,
        days=days,
        due_on=due_on,
        by=by if isinstance(by, Actor) else await office.actor(person_of(by)),
        now=now,
    )


async def issued_letter(item: LedgerItem, *, kind: str, by: Actor, now: datetime) -> Letter:
    """Issue a letter of the shorter form about an item: 交办单 (dispatch_letter) or 催办函 (urging_letter)."""
    return await letters.issue(item.id, Draft(kind=kind), by=by, now=now, kinds=letters.kinds_of("yinchuan"))


def person_of(who: Any) -> Person:
    """Return the person behind a desk, a phone or an actor; a person is returned as is."""
    return who if isinstance(who, Person) else who.person
