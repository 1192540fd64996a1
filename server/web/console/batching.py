"""One action on many items: chosen in the list, previewed row by row, then applied to all or none."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict
from sanic import Blueprint, HTTPResponse, Request

from server import ledger
from server.gateways.sealing import SealBroken
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.ledger import ItemAction, Order, Row
from server.ledger.batching import NotToFind, Outcome
from server.ledger.commands import Days, Few
from server.people import Permission
from server.web.console.batch_destinations import destinations, fields_of
from server.web.console.choices import chosen_unit, worker_choices
from server.web.console.navigating import safe_way_back
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_filter, read_form, typed_words
from server.web.console.refusals import BatchTooOld
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of
from server.web.door.problems import Malformed
from server.web.door.reading import Invalid, read_value

blueprint = Blueprint("console_batching", url_prefix="/ledger/batches")

SEE, DECIDE = desk(Permission.DECIDE_ITEMS), desk(Permission.DECIDE_ITEMS, csrf=True)
BOX = "item-"  # a box for each item, named by its id; its value is the version that was seen
GOOD_FOR = timedelta(minutes=15)


class Which(Struct, frozen=True, kw_only=True):
    """The action to do, and the list to return to."""

    deed: str
    back: str = ""


class BatchForm(Which, frozen=True, kw_only=True):
    """What is entered for all items; the action uses those fields that it has."""

    unit: Annotated[str, Meta(max_length=80)] = ""
    days: Days | None = None
    due_on: date | None = None
    until_on: date | None = None
    words: Few = ""
    reason: Few = ""


class Token(Struct, frozen=True):
    """A sealed preview; confirming it does exactly what was previewed."""

    rows: list[Row]
    order: Order
    good_until: datetime
    back: str


class Confirmation(Struct, frozen=True):
    """The sealed token of a preview."""

    token: Annotated[str, Meta(max_length=20_000)]


@blueprint.get("/", name="choose", ctx_guard=SEE)
async def choose(request: Request) -> HTTPResponse:
    """Show the chosen items with the fields of the action; nothing is checked yet."""
    which = read_filter(request, Which)
    rows = _rows(dict(request.get_query_args(keep_blank_values=True)))
    chosen = [row.item_id for row in rows]
    items = await ledger.items_to_decide(actor_of(request), chosen)
    return await _page(request, which, rows=rows, items=items, lost=ledger.not_to_find(items, chosen))


@blueprint.post("/previews", name="preview", ctx_guard=DECIDE)
async def preview(request: Request) -> HTTPResponse:
    """Show the outcome for each item; if any is refused, nothing can be confirmed."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    which, typed = read_form(request, Which), typed_words(request)
    action, rows = _batch_action(which.deed), _rows(typed)
    each, wrong = await destinations(rows, typed) if action.code == "dispatch" else ({}, {})
    order = await _order(request, action, each=each)
    outcomes = await ledger.preview(rows, order, by=actor, now=now)
    outcomes = [_misread(one, wrong.get(one.item_id)) for one in outcomes]
    refused = {one.item_id for one in outcomes if one.refusal}
    sealed = Token(rows, order, now + GOOD_FOR, which.back)
    token = tools_of(request).keys.seal(
        msgspec.json.encode(sealed).decode(), bound_to=_bound(actor.person.id)
    )
    return await _page(
        request,
        which,
        rows=rows,
        items=[one.before for one in outcomes if one.before],
        lost=[one.item_id for one in outcomes if one.before is None],
        outcomes={one.item_id: one for one in outcomes},
        refused=refused,
        moved=sum(1 for one in outcomes if _is_moved(one)),
        typed=typed,
        token="" if refused else token,
    )


@blueprint.post("/confirmations", name="confirm", ctx_guard=DECIDE)
async def confirm(request: Request) -> HTTPResponse:
    """Do what was previewed, on all items or on none."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    sealed = read_form(request, Confirmation).token
    try:
        plain = tools_of(request).keys.unseal(sealed, bound_to=_bound(actor.person.id))
        token = msgspec.json.decode(plain, type=Token)
    except (SealBroken, msgspec.DecodeError) as error:
        raise Malformed from error
    if token.good_until < now:
        raise BatchTooOld
    done = await ledger.do_all(token.rows, token.order, by=actor, now=now)
    template = "batch/done.html" if is_part(request) else "batch/done_page.html"
    return await page(request, template, items=done, back=safe_way_back(token.back) if token.back else LIST)


LIST = "/console/ledger"


async def _order(request: Request, action: ItemAction, *, each: dict[UUID, dict[str, Any]]) -> Order:
    """Return what was typed for all rows, complete but for each row's own fields. Raises Invalid or UnitNotKnown."""
    typed = read_form(request, BatchForm)
    said = {"days": None if typed.due_on else typed.days, "unit_id": await chosen_unit(typed.unit)}
    known = action.command.__struct_fields__
    said = {name: value for name, value in (asdict(typed) | said).items() if name in known and value}
    if not each:
        read_value({**said, "version": 1}, action.command)
    return Order(action.code, said, each)


async def _page(
    request: Request, which: Which, *, rows: list[Row], items: list[Any], lost: list[UUID], **more: Any
) -> HTTPResponse:
    values: dict[str, Any] = {"outcomes": {}, "refused": set(), "typed": {}, "token": "", "moved": 0} | more
    return await page(
        request,
        "batch/body.html" if is_part(request) else "batch/page.html",
        deed=which.deed,
        label=_batch_action(which.deed).label,
        back=safe_way_back(which.back) if which.back else LIST,
        rows=rows,
        items=items,
        lost=lost,
        not_to_find=NotToFind(),
        units=await worker_choices(),
        own=fields_of(items, values["typed"]) if which.deed == "dispatch" else {},
        today=business_date(tools_of(request).clock.now()),
        **values,
    )


def _batch_action(code: str) -> ItemAction:
    """Return the action to do on many items. Raises Invalid."""
    found = next((one for one in ledger.ACTIONS if one.code == code and one.in_batches), None)
    if found is None:
        raise Invalid(fields=[{"field": "deed", "message_zh": "不在可选范围内"}])
    return found


def _misread(one: Outcome, wrong: Refusal | None) -> Outcome:
    """Return the outcome of a row, refused if what was typed into it can't be read."""
    return replace(one, after=None, refusal=wrong) if wrong else one


def _is_moved(one: Outcome) -> bool:
    """Tell whether an item had a deadline and gets a different one."""
    had = one.before.due_on if one.before else None
    return bool(had and one.after and one.after.due_on != had)


def _rows(typed: dict[str, str]) -> list[Row]:
    """Return the ticked boxes. Raises Malformed."""
    found = {name.removeprefix(BOX): value for name, value in typed.items() if name.startswith(BOX)}
    try:
        return [Row(UUID(item_id), int(version)) for item_id, version in found.items()]
    except ValueError as error:
        raise Malformed from error


def _bound(person_id: UUID) -> str:
    return f"batch:{person_id}"
