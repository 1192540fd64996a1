"""Cases on the console: write one while seeing its audience, follow its progress, pass on the unit's answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import CaseState, DayPart
from server import cases, journal, moderation
from server.cases import CaseAction, NewCase
from server.kernel.clock import business_date
from server.notifications.inbox import tell
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form, ticked
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_cases", url_prefix="/cases")

SEE, TELL = desk(Permission.TELL_UNITS), desk(Permission.TELL_UNITS, csrf=True)
PICTURE = "picture-"  # a box for each photo, named by its id
PAGE = 50


class WhichCases(Struct, frozen=True):
    """Which of the office's cases to show."""

    state: CaseState | None = None
    page: Annotated[int, Meta(ge=1, le=1000)] = 1


class WhichItem(Struct, frozen=True):
    """The item that a unit is to be informed about."""

    item_id: UUID


class CaseForm(WhichItem, frozen=True):
    """The office's text for a case."""

    summary: Annotated[str, Meta(min_length=5, max_length=2000)]
    seen_on: date
    seen_part: DayPart
    place_name: Annotated[str, Meta(max_length=120)] = ""
    narrow_because: Annotated[str, Meta(max_length=500)] = ""


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the office's cases, the most recently opened first."""
    wanted = read_filter(request, WhichCases)
    found = await cases.cases_of_office(
        actor_of(request), state=wanted.state, limit=PAGE + 1, offset=PAGE * (wanted.page - 1)
    )
    has_more = len(found) > PAGE
    return await page(
        request, "cases/list.html", cases=found[:PAGE], wanted=wanted, has_more=has_more, states=CaseState
    )


@blueprint.get("/new", name="new", ctx_guard=SEE)
async def start(request: Request) -> HTTPResponse:
    """Show the form, with the number of people who could have reported and the photos that may be released."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    item_id = read_filter(request, WhichItem).item_id
    audience = await cases.possible_reporters(item_id, by=actor, now=now)
    reports = await cases.reports_behind(item_id)
    photos = await cases.photos_to_choose(actor, item_id)
    seen = await moderation.visible_photos([photo for _, photo in photos])
    return await page(
        request,
        "cases/new.html",
        item=await cases.item_told_by(actor, item_id),
        audience=audience,
        photos=photos,
        unchecked={photo.id for _, photo in photos} - seen,
        seen_on=business_date(reports[0].received_at if reports else now),
        parts=DayPart,
    )


@blueprint.post("/", name="open", ctx_guard=TELL)
async def open_case(request: Request) -> HTTPResponse:
    """Prepare a case for the next daily batch."""
    typed = read_form(request, CaseForm)
    new = NewCase(
        typed.summary,
        seen_on=typed.seen_on,
        seen_part=typed.seen_part,
        place_name=typed.place_name,
        picture_ids=ticked(request, PICTURE),
    )
    case = await cases.open_case(
        typed.item_id,
        new=new,
        by=actor_of(request),
        now=tools_of(request).clock.now(),
        narrow_because=typed.narrow_because,
    )
    return go_to(request, f"/console/cases/{case.id}")


@blueprint.get("/<case_id:uuid>", name="case", ctx_guard=SEE)
async def show_case(request: Request, case_id: UUID) -> HTTPResponse:
    """Show a case, its pictures, the unit's answers and the possible actions."""
    actor = actor_of(request)
    case = await cases.case_of_office(actor, case_id)
    chosen = {photo.id for photo in await cases.pictures_of(case)}
    photos = await cases.photos_to_choose(actor, case.item_id)
    return await page(
        request,
        "cases/case.html",
        case=case,
        photos=[(report_id, photo) for report_id, photo in photos if photo.id in chosen],
        answers=await cases.answers_of(case),
        deeds=await tell(await journal.timeline(case.id)),
        open_deeds=cases.actions_of_office(case),
    )


def case_action(action: CaseAction) -> None:
    """Declare a form on the case's page."""

    async def handle(request: Request, case_id: UUID) -> HTTPResponse:
        command = read_form(request, action.command)
        await action.verb(case_id, command, by=actor_of(request), now=tools_of(request).clock.now())
        return go_to(request, f"/console/cases/{case_id}")

    guard = desk(action.permission, csrf=True)
    blueprint.add_route(
        handle, f"/<case_id:uuid>/{action.noun}", methods=["POST"], name=action.code, ctx_guard=guard
    )


for one in cases.ACTIONS:
    if one.at_desk:
        case_action(one)
