"""Templates on the console: current wording, a form with a preview beside it, and earlier wordings."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import TemplatePurpose, TemplateReader
from server import people, templates
from server.kernel.refusal import NoSuchThing, Refusal
from server.people import Permission
from server.templates import NewWording
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_templates", url_prefix="/templates")

SEE, KEEP = desk(Permission.SEE_TEMPLATES), desk(Permission.KEEP_TEMPLATES, csrf=True)
HERE = "/console/templates"
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Changed(NewWording, frozen=True):
    """A new wording, at the version that was on the screen."""

    version: Version


class Restored(Struct, frozen=True):
    """The earlier version to restore, and the version that was on the screen."""

    version: Version
    earlier: Version


class Typed(Struct, frozen=True):
    """A draft as typed, complete or not; other form fields are ignored."""

    title: str = ""
    body: str = ""
    why: str = ""
    version: str = ""


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show every template with its current wording, grouped by audience."""
    found = await templates.wordings()
    readers = [(reader, [one for one in found if one.standard.reader is reader]) for reader in TemplateReader]
    return await page(request, "wordings/list.html", readers=readers, total=len(found))


@blueprint.get("/<purpose:str>", name="show", unquote=True, ctx_guard=SEE)
async def show_template(request: Request, purpose: str) -> HTTPResponse:
    """Show one template: its wording, an example, its history and, for people who may change it, the form."""
    wording = await templates.wording_of(_named(purpose))
    history = await templates.history_of(wording.purpose)
    authors = await people.designations_of(one.by_id for one in history if one.by_id)
    shown = templates.preview(wording.purpose, title=wording.title, body=wording.body)
    return await page(
        request, "wordings/show.html", wording=wording, history=history, authors=authors, shown=shown
    )


@blueprint.post("/<purpose:str>/preview", name="preview", ctx_guard=KEEP)
async def show_preview(request: Request, purpose: str) -> HTTPResponse:
    """Show how the typed draft would read, or what is wrong with it; nothing is stored."""
    named, typed = _named(purpose), read_form(request, Typed, may_warn=True)
    try:
        shown = templates.preview(named, title=typed.title, body=typed.body)
    except Refusal as refusal:
        return await page(request, "wordings/preview.html", refusal=refusal)
    return await page(request, "wordings/preview.html", shown=shown)


@blueprint.post("/<purpose:str>/wording", name="change", ctx_guard=KEEP)
async def change(request: Request, purpose: str) -> HTTPResponse:
    """Change the wording of a template; what was sent before keeps its wording."""
    named, typed = _named(purpose), read_form(request, Changed, may_warn=True)
    new, now = NewWording(typed.title, typed.body, typed.why), tools_of(request).clock.now()
    await templates.change_template(named, version=typed.version, new=new, by=actor_of(request), now=now)
    return go_to(request, f"{HERE}/{named.value}")


@blueprint.post("/<purpose:str>/restoration", name="restore", ctx_guard=KEEP)
async def restore(request: Request, purpose: str) -> HTTPResponse:
    """Put an earlier wording back in force, as a new version."""
    named, typed, now = _named(purpose), read_form(request, Restored), tools_of(request).clock.now()
    await templates.restore_template(
        named, version=typed.version, earlier=typed.earlier, by=actor_of(request), now=now
    )
    return go_to(request, f"{HERE}/{named.value}")


def _named(purpose: str) -> TemplatePurpose:
    found = [one for one in TemplatePurpose if one.value == purpose]
    if not found:
        raise NoSuchThing
    return found[0]
