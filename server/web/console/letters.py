"""Letters on the console: the list, the register without gaps, and a letter's page with the steps on it."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import LetterState
from server import journal, letters, reminders
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.letters import LetterAction, LetterFilter, deadline_words
from server.letters.commands import Reply
from server.notifications.inbox import tell
from server.people import Permission, may
from server.web.console.letter_photos import read_reply
from server.web.console.pages import go_to, page
from server.web.console.picturing import picture_of
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of

blueprint = Blueprint("console_letters_list", url_prefix="/letters")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SEE = desk(Permission.SEE_LETTERS)


class WhichYear(Struct, frozen=True):
    """The year and the kind of a register."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    kind: Annotated[str, Meta(max_length=24)] = ""


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the letters of a filter, newest first, with the lists that wait for the reader."""
    actor, kinds, wanted = actor_of(request), letter_kinds(request), read_filter(request, LetterFilter)
    found, cursor = await letters.page_of(actor, wanted, kinds=kinds)
    today, known = business_date(tools_of(request).clock.now()), await calendar()
    return await page(
        request,
        "letters/list.html",
        letters=found,
        deadlines={one.id: deadline_words(one, today=today, calendar=known) for one in found},
        cursor=cursor,
        wanted=wanted,
        waiting=await letters.count_waiting(actor, kinds=kinds),
        kinds=kinds.by_code.values(),
        states=LetterState,
        total=await letters.wanted(actor, wanted, kinds=kinds).count(),
    )


@blueprint.get("/register", name="register", ctx_guard=desk(Permission.SEE_LETTER_REGISTER))
async def show_register(request: Request) -> HTTPResponse:
    """Show every number of a kind and year, used and voided, in order, and whether one is missing."""
    wanted, kinds = read_filter(request, WhichYear), letter_kinds(request)
    year = wanted.year or business_date(tools_of(request).clock.now()).year
    kind = wanted.kind or next(iter(kinds.by_code), "")
    return await page(
        request,
        "letters/register.html",
        register=await letters.register_of(actor_of(request), year=year, kind=kind),
        year=year,
        kind=kind,
        kinds=kinds.by_code.values(),
        states=LetterState,
    )


@blueprint.get("/<letter_id:uuid>", name="letter", ctx_guard=SEE)
async def show_letter(request: Request, letter_id: UUID) -> HTTPResponse:
    """Show a letter: its pages, its replies, what happened, and the steps open to the reader."""
    actor, tools = actor_of(request), tools_of(request)
    letter = await letters.letter_seen_by(actor, letter_id)
    is_office = may(actor.duties, Permission.DRAFT_LETTERS) or may(actor.duties, Permission.SEE_JOURNAL)
    entries = await journal.timeline(letter.item_id, *([letter.id] if is_office else []))
    own = [one for one in entries if str(letter.id) in (str(one.subject_id), one.detail.get("letter_id"))]
    replies = await letters.replies_of([letter])
    today = business_date(tools.clock.now())
    return await page(
        request,
        "letters/letter.html",
        letter=letter,
        is_office=is_office,
        paper=await letters.paper_of(letter, tools=tools),
        steps=await letters.actions_open_to(actor, letter, kinds=letter_kinds(request)),
        warning=await letters.warning_of(letter),
        deadline=deadline_words(letter, today=today, calendar=await calendar()),
        replies=[
            (one, [picture_of(p, subject_id=one.id) for p in await letters.pictures_of(one)])
            for one in replies
        ],
        deeds=await tell(own),
        holder=await letters.holder_of(letter, kinds=letter_kinds(request), today=today),
        proofs=await reminders.proofs_of(letter.id)
        if may(actor.duties, Permission.SEE_REMINDERS) and letter.number
        else [],
        states=LetterState,
    )


@blueprint.get("/<letter_id:uuid>/pages/<page_number:int>", name="page", ctx_guard=SEE)
async def show_page(request: Request, letter_id: UUID, page_number: int) -> HTTPResponse:
    """Return the picture of a page."""
    letter, tools = await letters.letter_seen_by(actor_of(request), letter_id), tools_of(request)
    paper = await letters.paper_of(letter, tools=tools)
    if not 1 <= page_number <= len(paper.pages):
        raise NoSuchThing
    picture = await tools.storage.read(paper.pages[page_number - 1], seal=tools.keys)
    return HTTPResponse(picture, content_type="image/png")


@blueprint.get("/<letter_id:uuid>/pdf", name="pdf", ctx_guard=SEE)
async def show_pdf(request: Request, letter_id: UUID) -> HTTPResponse:
    """Return the letter as PDF/A."""
    letter, tools = await letters.letter_seen_by(actor_of(request), letter_id), tools_of(request)
    paper = await letters.paper_of(letter, tools=tools)
    content = await tools.storage.read(paper.pdf, seal=tools.keys)
    return HTTPResponse(content, content_type="application/pdf")


@blueprint.get("/<letter_id:uuid>/docx", name="docx", ctx_guard=desk(Permission.DRAFT_LETTERS))
async def show_editable(request: Request, letter_id: UUID) -> HTTPResponse:
    """Return the letter as a Word document to go on working with; the signed one is the PDF."""
    letter = await letters.letter_seen_by(actor_of(request), letter_id, permission=Permission.DRAFT_LETTERS)
    content = await letters.editable(letter, tools=tools_of(request))
    name = quote(f"{letter.number_text or letter.title}.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HTTPResponse(content, content_type=WORD, headers=headers)


@blueprint.get("/reply-photos/<rendition_id:uuid>", name="reply_photo", ctx_guard=SEE)
async def show_reply_photo(request: Request, rendition_id: UUID) -> HTTPResponse:
    """Return a photo of a reply."""
    rendition = await letters.picture_seen_by(actor_of(request), rendition_id)
    return HTTPResponse(await tools_of(request).storage.read(rendition.key), content_type="image/jpeg")


def letter_action(action: LetterAction) -> None:
    """Declare a form on the letter's page, sent by POST to the same sub-resource as on phones."""

    async def handle(request: Request, letter_id: UUID) -> HTTPResponse:
        is_reply = action.command is Reply
        command = read_reply(request) if is_reply else read_form(request, action.command)
        now, kinds = tools_of(request).clock.now(), letter_kinds(request)
        await action.verb(letter_id, command, by=actor_of(request), now=now, kinds=kinds)
        return go_to(request, f"/console/letters/{letter_id}")

    blueprint.add_route(
        handle,
        f"/<letter_id:uuid>/{action.noun}",
        methods=["POST"],
        name=action.code,
        ctx_guard=desk(action.permission, csrf=True),
    )


for one in letters.addressed():
    letter_action(one)
