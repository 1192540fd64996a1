"""What a list of the ledger narrows besides the filter: a light, or what waits for a decision."""

from datetime import date

from tortoise.expressions import Q

from models.vocabulary import Light
from server.calendars import calendar
from server.ledger.reading import LedgerFilter
from server.ledger.shining import lit
from server.ledger.to_do import ToDo, waiting_for
from server.people import Visitor


class LedgerView(LedgerFilter, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ledger's filter with a light and a to-do view; both depend on today and on who looks."""

    light: Light | None = None
    todo: ToDo | None = None


async def narrowed(view: LedgerView, *, visitor: Visitor, today: date) -> Q:
    """What a view asks for beyond the filter."""
    found = Q()
    if view.light:
        found &= await lit(view.light, today=today, calendar=await calendar())
    if view.todo:
        found &= waiting_for(visitor, view.todo, today=today)
    return found
