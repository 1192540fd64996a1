"""Many letters in one view: the ladder's proposals are drafted together, drafts are sent to the signer, then signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Letter
from models.vocabulary import LetterState
from server import letters
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.letters import LetterFilter, LetterToDo
from server.letters.commands import AtVersion, Draft
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, typed_words
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of
from server.web.door.problems import Malformed

blueprint = Blueprint("console_letter_desk", url_prefix="/letters")
MOST_AT_ONCE = 50
ITEM, LETTER = "item-", "letter-"  # boxes, named by an id; the value is a kind, or the version that was seen


class WhichDesk(Struct, frozen=True):
    """Drafts to send to the signer, or letters to sign."""

    signing: bool = False


@dataclass(frozen=True)
class Failed:
    """A letter whose step was refused, and why."""

    letter_id: UUID
    refusal: Refusal


@blueprint.get("/proposals", name="proposals", ctx_guard=desk(Permission.DRAFT_LETTERS))
async def show_proposals(request: Request) -> HTTPResponse:
    """Show which items should get which letter next, and why."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    found, total = await letters.proposals(
        actor, kinds=letter_kinds(request), today=today, calendar=await calendar(), limit=MOST_AT_ONCE
    )
    return await page(request, "letters/proposals.html", proposals=found, total=total)


@blueprint.post("/drafts", name="draft", ctx_guard=desk(Permission.DRAFT_LETTERS, csrf=True))
async def draft_together(request: Request) -> HTTPResponse:
    """Draft the ticked proposals, each with its own words; one that is refused does not hold up the others."""
    actor, now, kinds = actor_of(request), tools_of(request).clock.now(), letter_kinds(request)
    refused: list[Refusal] = []
    ticked = _ticked(request, ITEM)
    for item_id, kind in ticked.items():
        try:
            await letters.draft(item_id, Draft(kind=kind), by=actor, now=now, kinds=kinds)
        except Refusal as refusal:
            refused.append(refusal)
    if refused and len(refused) == len(ticked):
        raise refused[0]
    if refused:
        return await _desk(request, signing=False, refused=refused)
    return go_to(request, "/console/letters/desk")


@blueprint.get("/desk", name="desk", ctx_guard=desk(Permission.DRAFT_LETTERS))
async def show_desk(request: Request) -> HTTPResponse:
    """Show the whole text of one's drafts, or of the letters one may sign, to be ticked after reading."""
    return await _desk(request, signing=read_filter(request, WhichDesk).signing)


@blueprint.post("/desk/submissions", name="submit_all", ctx_guard=desk(Permission.DRAFT_LETTERS, csrf=True))
async def submit_all(request: Request) -> HTTPResponse:
    """Send the ticked drafts to the signer; one that is refused does not hold up the others."""
    actor, now, failed = actor_of(request), tools_of(request).clock.now(), []
    kinds = letter_kinds(request)
    for letter_id, version in _versions(request).items():
        try:
            await letters.submit(letter_id, AtVersion(version=version), by=actor, now=now, kinds=kinds)
        except Refusal as refusal:
            failed.append(Failed(letter_id, refusal))
    return await _desk(request, signing=False, failed=failed)


@blueprint.post("/desk/sign-offs", name="sign_all", ctx_guard=desk(Permission.SIGN_LETTERS, csrf=True))
async def sign_all(request: Request) -> HTTPResponse:
    """Sign the ticked letters, each in its own transaction; one that is refused does not hold up the others."""
    actor, kinds, failed = actor_of(request), letter_kinds(request), []
    signed: list[Letter] = []
    for letter_id, version in _versions(request).items():
        try:
            now = tools_of(request).clock.now()
            command = AtVersion(version=version)
            signed.append(await letters.sign_off(letter_id, command, by=actor, now=now, kinds=kinds))
        except Refusal as refusal:
            failed.append(Failed(letter_id, refusal))
    return await _desk(request, signing=True, failed=failed, signed=signed)


async def _desk(
    request: Request,
    *,
    signing: bool,
    failed: Sequence[Failed] = (),
    signed: Sequence[Letter] = (),
    refused: Sequence[Refusal] = (),
) -> HTTPResponse:
    actor, kinds = actor_of(request), letter_kinds(request)
    wanted = LetterFilter(
        todo=LetterToDo.SIGN if signing else None,
        state=None if signing else LetterState.DRAFT,
        limit=MOST_AT_ONCE,
    )
    found, _ = await letters.page_of(actor, wanted, kinds=kinds)
    mine = found if signing else [one for one in found if one.drafted_by_id == actor.person.id]
    return await page(
        request,
        "letters/desk.html",
        signing=signing,
        letters=mine,
        contents={one.id: letters.content(one) for one in mine},
        warnings={one.id: await letters.warning_of(one) for one in mine},
        failed={one.letter_id: one.refusal for one in failed},
        signed=signed,
        refused=refused,
    )


def _versions(request: Request) -> dict[UUID, int]:
    return {
        letter_id: int(version)
        for letter_id, version in _ticked(request, LETTER).items()
        if version.isdigit()
    }


def _ticked(request: Request, prefix: str) -> dict[UUID, str]:
    """Return the ticked boxes' values by the ids in their names; raises Malformed."""
    found = {name: value for name, value in typed_words(request).items() if name.startswith(prefix)}
    if len(found) > MOST_AT_ONCE:
        raise Malformed
    try:
        return {UUID(name.removeprefix(prefix)): value for name, value in found.items()}
    except ValueError as error:
        raise Malformed from error
