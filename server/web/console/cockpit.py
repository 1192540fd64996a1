"""The cockpit: totals of a year's ledger, each with its formula and, where there is one, a link to its list."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import ledger
from server.kernel.clock import business_date
from server.ledger import LedgerView, Summary
from server.people import Permission
from server.web.console.ledger_links import ledger_link
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_cockpit", url_prefix="/cockpit")


class Shown(Struct, frozen=True):
    """The year to summarise."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None


@blueprint.get("/", name="show", ctx_guard=desk(Permission.SEE_LEDGER))
async def show(request: Request) -> HTTPResponse:
    """Show the current totals of one year."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    year = read_filter(request, Shown).year or today.year
    found = await ledger.summary(actor, year=year, today=today)
    states = [
        (state.label, count, ledger_link(LedgerView(year=year, state=state)))
        for state, count in found.states.items()
    ]
    units = [
        (unit.name, unit.count, ledger_link(LedgerView(year=year, lead_unit_id=unit.unit_id)))
        for unit in found.units
    ]
    return await page(
        request,
        "cockpit.html",
        year=year,
        years=sorted({today.year, year, *await ledger.years(actor)}, reverse=True),
        found=found,
        total_link=ledger_link(LedgerView(year=year)),
        states=states,
        units=units,
        lights=[
            (light, count, ledger_link(LedgerView(year=year, light=light)))
            for light, count in found.lights.items()
        ],
        months=[_month(year, number, found=found) for number in range(1, 13)],
        kept_link=ledger_link(LedgerView(year=year, kept="in_time")),
        closed_link=ledger_link(LedgerView(year=year, kept="any")),
    )


def _month(year: int, number: int, *, found: Summary) -> tuple[int, int, str, int, str]:
    """Return a month's number, and how many items were registered and closed in it, each with a link to its list."""
    month = f"{year}-{number:02d}"
    return (
        number,
        found.registered[number - 1],
        ledger_link(LedgerView(year=year, registered_in=month)),
        found.closed[number - 1],
        ledger_link(LedgerView(year=year, closed_in=month)),
    )
