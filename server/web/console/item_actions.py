"""Actions on an item from the console: each is a form on the item's page, done at the version that was seen."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import ledger
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger import ItemAction
from server.ledger.refusals import DateNotAhead
from server.people import Permission
from server.web.console.item_forms import FORMS, Until, day_of
from server.web.console.item_page import item_page
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_filter, read_form, typed_words
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of
from server.web.door.reading import Invalid

blueprint = Blueprint("console_item_actions", url_prefix="/ledger")


@blueprint.get("/deadline", name="deadline", ctx_guard=desk(Permission.DECIDE_ITEMS))
async def show_deadline(request: Request) -> HTTPResponse:
    """Show the deadline that is being typed in words, before the form is sent."""
    try:
        typed = read_filter(request, Until)
        day = day_of(typed)
        if typed.had and not typed.days and day in (None, typed.had):
            return await page(request, "ledger/deadline.html", words="沿用原来的期限。")
        now = tools_of(request).clock.now()
        due = await ledger.deadline_for(days=typed.days, due_on=day, now=now)
    except (Invalid, DateNotAhead) as refusal:
        return await page(request, "ledger/deadline.html", words=refusal.message)
    return await page(
        request,
        "ledger/deadline.html",
        words=f"期限{'改为' if typed.had and due.on != typed.had else ''}：{due.words}",
    )


def item_action(action: ItemAction) -> None:
    """Declare a form on the item's page, sent by POST to the same sub-resource as on phones.

    If somebody else was faster, the actor sees the current item, told why, with their own words still in the form.
    """
    form = FORMS.get(action.code)

    async def handle(request: Request, item_id: UUID) -> HTTPResponse:
        actor, now = actor_of(request), tools_of(request).clock.now()
        typed = read_form(request, form.shape if form else action.command)
        try:
            command = await form.command(typed, item_id, actor) if form else typed
            done = await action.verb(item_id, command, by=actor, now=now)
        except (StaleItem, WrongStep) as refusal:
            words = typed_words(request)
            return await item_page(request, item_id, refusal=refusal, deed=action.noun, typed=words)
        said = form.said(typed, done) if form else action.done
        return await _done(request, item_id, said=said)

    blueprint.add_route(
        handle,
        f"/<item_id:uuid>/{action.noun}",
        methods=["POST"],
        name=action.code,
        ctx_guard=desk(action.permission, csrf=True),
    )


async def _done(request: Request, item_id: UUID, *, said: str) -> HTTPResponse:
    """Show the current item, or the ledger if the action took the item out of the actor's sight."""
    if not is_part(request):
        return redirect(f"/console/ledger/{item_id}", status=303)
    try:
        return await item_page(request, item_id, done=said)
    except NoSuchThing:
        return HTTPResponse(headers={"HX-Redirect": "/console/ledger"})


for one in ledger.addressed():
    item_action(one)
