"""Meetings on the console: the list, recording one, its page with decisions and files, and what follows from it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ProofKind
from server import files, journal, meetings, obligations
from server.kernel.clock import business_date
from server.meetings import MeetingFilter
from server.meetings.commands import AddDecision, PutDecision, RecordMeeting, VoidMeeting
from server.notifications.inbox import tell
from server.people import Permission, may
from server.web.console.choices import worker_choices
from server.web.console.item_forms import unit_named
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import AtVersion, Because, read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_meetings", url_prefix="/meetings")

SEE, KEEP = desk(Permission.SEE_OBLIGATIONS), desk(Permission.HAND_IN, csrf=True)
PUT = desk(Permission.DECIDE_ITEMS, csrf=True)
HERE = "/console/meetings"


class MeetingForm(Struct, frozen=True, kw_only=True):
    """A meeting as typed; each line of `decisions` is one decision."""

    kind: ProofKind
    title: Annotated[str, Meta(min_length=2, max_length=120)]
    held_on: date
    place: Annotated[str, Meta(max_length=120)] = ""
    chair_id: UUID | None = None
    attendees: Annotated[str, Meta(max_length=4000)] = ""
    agenda: Annotated[str, Meta(max_length=4000)] = ""
    decisions: Annotated[str, Meta(max_length=8000)] = ""


class DecisionForm(AtVersion, frozen=True, kw_only=True):
    """One more decision."""

    text: Annotated[str, Meta(min_length=2, max_length=200)]


class PlacingForm(Struct, frozen=True, kw_only=True):
    """The unit that gets the work, and in how many working days it is due."""

    unit: Annotated[str, Meta(min_length=1, max_length=80)]
    days: Annotated[int, Meta(ge=1, le=250)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the meetings of a filter, the last held first, and their number."""
    actor, wanted = actor_of(request), read_filter(request, MeetingFilter)
    found = await meetings.meetings_of(actor, wanted)
    shown = found[: wanted.limit]
    return await page(
        request,
        "meetings/list.html",
        meetings=shown,
        wanted=wanted,
        total=await meetings.meetings_wanted(actor, wanted).count(),
        next_after=shown[-1].id if len(found) > wanted.limit else None,
        kinds=meetings.KINDS,
        year=wanted.year or business_date(tools_of(request).clock.now()).year,
    )


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.HAND_IN))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a meeting that was held."""
    return await page(
        request,
        "meetings/new.html",
        kinds=meetings.KINDS,
        chairs=await meetings.chairs(),
        today=business_date(tools_of(request).clock.now()),
    )


@blueprint.post("/", name="record", ctx_guard=KEEP)
async def record(request: Request) -> HTTPResponse:
    """Record a meeting; files are added on its page."""
    typed = read_form(request, MeetingForm)
    lines = [line.strip() for line in typed.decisions.splitlines()]
    command = RecordMeeting(
        kind=typed.kind,
        title=typed.title,
        held_on=typed.held_on,
        place=typed.place,
        chair_id=typed.chair_id,
        attendees=typed.attendees,
        agenda=typed.agenda,
        decisions=[line[:200] for line in lines if len(line) > 1],
    )
    now = tools_of(request).clock.now()
    meeting, _ = await meetings.record(command, by=actor_of(request), now=now)
    return go_to(request, f"{HERE}/{meeting.id}")


@blueprint.get("/<meeting_id:uuid>", name="meeting", ctx_guard=SEE)
async def show_meeting(request: Request, meeting_id: UUID) -> HTTPResponse:
    """Show a meeting with its decisions, the ledger items that came of them, and its files."""
    actor = actor_of(request)
    meeting = await meetings.meeting_seen_by(actor, meeting_id)
    own = may(actor.duties, Permission.HAND_IN) and meeting.organisation_id in obligations.hands_in_for(actor)
    may_place = may(actor.duties, Permission.DECIDE_ITEMS) and not meeting.voided_at
    return await page(
        request,
        "meetings/meeting.html",
        meeting=meeting,
        decisions=await meetings.decisions_of(meeting),
        files=(await files.files_of([meeting.id])).get(meeting.id, []),
        deeds=await tell(await journal.timeline(meeting.id, *await obligations.proof_ids_of(meeting.id))),
        is_own=own and not meeting.voided_at,
        may_place=may_place,
        units=await worker_choices() if may_place else [],
    )


@blueprint.post("/<meeting_id:uuid>/decisions", name="decide", ctx_guard=KEEP)
async def add_decision(request: Request, meeting_id: UUID) -> HTTPResponse:
    """Add a decision to a meeting."""
    typed = read_form(request, DecisionForm)
    command = AddDecision(version=typed.version, text=typed.text)
    await meetings.add_decision(meeting_id, command, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/{meeting_id}")


@blueprint.post("/<meeting_id:uuid>/voiding", name="void", ctx_guard=KEEP)
async def void(request: Request, meeting_id: UUID) -> HTTPResponse:
    """Void the record of a meeting."""
    typed = read_form(request, Because)
    command = VoidMeeting(version=typed.version, reason=typed.reason)
    await meetings.void(meeting_id, command, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/{meeting_id}")


@blueprint.post(
    "/<meeting_id:uuid>/decisions/<decision_id:uuid>/ledger-item", name="put_decision", ctx_guard=PUT
)
async def put_decision(request: Request, meeting_id: UUID, decision_id: UUID) -> HTTPResponse:
    """Register a decision as a ledger item and dispatch it."""
    typed = read_form(request, PlacingForm)
    unit_id = await unit_named(typed.unit)
    command = PutDecision(decision_id=decision_id, unit_id=unit_id, days=typed.days)
    await meetings.put_decision(meeting_id, command, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/{meeting_id}")
