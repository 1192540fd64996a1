"""Letters on phones: read page by page, acknowledged in two taps, replied to with photos, signed after reading."""

from inspect import getdoc
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Letter, LetterReply
from server import ledger, letters
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.letters import Answered, LetterAction, LetterFilter
from server.letters.commands import AtVersion
from server.letters.refusals import WrongLetterStep
from server.people import Permission, may
from server.photos.refusals import LinkEnded
from server.web.door.admission import tools_of
from server.web.door.guards import phone, public
from server.web.door.letter_kinds import letter_kinds
from server.web.door.letter_links import actor_of_link, letter_link
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import PhotoLink
from server.web.miniapp.letter_cards import (
    LetterCard,
    LetterPage,
    LetterReplyLine,
    PaperLinks,
    letter_line,
    reply_line,
)

blueprint = Blueprint("letters")


class SealedLink(Struct, frozen=True, forbid_unknown_fields=True):
    """The sealed part of a link: whom it is for and when it expires."""

    to: Annotated[str, Meta(min_length=40, max_length=240)]


class LetterDone(Done):
    """A letter on which a step was taken, and the digests of photos still missing."""

    letter_id: UUID
    missing: list[str]

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the letter as it is now."""
        letter = await letters.letter_seen_by(actor_of(request), self.letter_id)
        return answer(await _card(request, letter, missing=self.missing), status=201)


@operation(
    blueprint,
    "GET",
    "/letters",
    summary="函件列表",
    guard=phone(Permission.SEE_LETTERS),
    query=LetterFilter,
    answers={200: LetterPage},
)
async def list_letters(request: Request, query: LetterFilter) -> HTTPResponse:
    """Return the letters this person may see, or those that wait for them (`todo`), the newest first."""
    page, cursor = await letters.page_of(actor_of(request), query, kinds=letter_kinds(request))
    today, known = business_date(tools_of(request).clock.now()), await calendar()
    return answer(LetterPage([letter_line(one, today=today, calendar=known) for one in page], cursor))


@operation(
    blueprint,
    "GET",
    "/letters/<letter_id:uuid>",
    summary="函件",
    guard=phone(Permission.SEE_LETTERS),
    answers={200: LetterCard},
)
async def see_letter(request: Request, letter_id: UUID) -> HTTPResponse:
    """Return a letter with links to its pages, the replies, and the steps this person may take."""
    return answer(await _card(request, await letters.letter_seen_by(actor_of(request), letter_id)))


def letter_action(action: LetterAction) -> None:
    """Declare an action: POST to a sub-resource of the letter, done once under its key."""

    async def handle(request: Request, letter_id: UUID, command: AtVersion) -> LetterDone:
        now, kinds = tools_of(request).clock.now(), letter_kinds(request)
        done = await action.verb(letter_id, command, by=actor_of(request), now=now, kinds=kinds)
        return LetterDone(letter_id, done.missing if isinstance(done, Answered) else [])

    handle.__name__ = action.operation
    handle.__doc__ = (getdoc(action.verb) or "").partition("\n\n")[0]
    operation(
        blueprint,
        "POST",
        f"/letters/<letter_id:uuid>/{action.noun}",
        summary=action.label,
        guard=phone(action.permission),
        body=action.command,
        answers={201: LetterCard},
        keyed=LetterDone,
        refusals=(WrongLetterStep, StaleItem, *action.refusals),
    )(handle)


for one in letters.addressed():
    if one.operation:
        letter_action(one)


@operation(
    blueprint,
    "GET",
    "/letters/<letter_id:uuid>/pages/<page_number:int>",
    summary="函件的一页",
    guard=public(per_minute=600),
    query=SealedLink,
    answers={200: "image/png"},
    refusals=(LinkEnded,),
)
async def see_letter_page(
    request: Request, query: SealedLink, letter_id: UUID, page_number: int
) -> HTTPResponse:
    """Return the picture of a page by its sealed link, for the person it was made for."""
    actor = await actor_of_link(request, letter_id, query.to)
    letter, tools = await letters.letter_seen_by(actor, letter_id), tools_of(request)
    paper = await letters.paper_of(letter, tools=tools)
    if not 1 <= page_number <= len(paper.pages):
        raise NoSuchThing
    return _file(await tools.storage.read(paper.pages[page_number - 1], seal=tools.keys), "image/png")


@operation(
    blueprint,
    "GET",
    "/letters/<letter_id:uuid>/pdf",
    summary="函件的PDF",
    guard=public(per_minute=60),
    query=SealedLink,
    answers={200: "application/pdf"},
    refusals=(LinkEnded,),
)
async def see_letter_pdf(request: Request, query: SealedLink, letter_id: UUID) -> HTTPResponse:
    """Return the letter as PDF/A by its sealed link, for the person it was made for."""
    actor = await actor_of_link(request, letter_id, query.to)
    letter, tools = await letters.letter_seen_by(actor, letter_id), tools_of(request)
    paper = await letters.paper_of(letter, tools=tools)
    return _file(await tools.storage.read(paper.pdf, seal=tools.keys), "application/pdf")


def _file(content: bytes, kind: str) -> HTTPResponse:
    headers = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
    return HTTPResponse(content, headers=headers, content_type=kind)


async def _card(request: Request, letter: Letter, *, missing: list[str] | None = None) -> LetterCard:
    actor, tools = actor_of(request), tools_of(request)
    paper = await letters.paper_of(letter, tools=tools)
    pages = [
        letter_link(request, letter, f"pages/{number}", to=actor.person)
        for number in range(1, len(paper.pages) + 1)
    ]
    today, known = business_date(tools.clock.now()), await calendar()
    drafts = may(actor.duties, Permission.DRAFT_LETTERS)
    sees_item = may(actor.duties, Permission.SEE_LEDGER) and await ledger.sees_item(actor, letter.item_id)
    return LetterCard(
        id=letter.id,
        version=letter.version,
        line=letter_line(letter, today=today, calendar=known),
        ledger_item_id=letter.item_id if sees_item else None,
        issuer=letter.issuer_name,
        copy_to=letter.copy_to,
        drafted_by=letter.drafted_by.designation if letter.drafted_by and drafts else "",
        signed_by=letter.issued_by.designation if letter.issued_by else "",
        received_by=letter.received_by.designation if letter.received_by else "",
        received_at=letter.received_at,
        with_whom=await letters.holder_of(letter, kinds=letter_kinds(request), today=today),
        void_reason=letter.void_reason,
        warning=await letters.warning_of(letter),
        paper=PaperLinks(pages, letter_link(request, letter, "pdf", to=actor.person)),
        replies=[await _reply(request, one) for one in await letters.replies_of([letter])],
        open_steps=await letters.actions_open_to(actor, letter, kinds=letter_kinds(request)),
        missing=missing or [],
    )


async def _reply(request: Request, reply: LetterReply) -> LetterReplyLine:
    person = actor_of(request).person
    pictures = [
        [PhotoLink(*link) for link in photo_links(request, photo, subject_id=reply.id, to=person)]
        for photo in await letters.pictures_of(reply)
    ]
    return reply_line(reply, pictures=pictures)
