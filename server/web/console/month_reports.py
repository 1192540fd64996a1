"""Month reports on the console: the register, handing one in, sending it to the region, and what needs the city."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import RequestToCity
from server import files, journal, meetings, obligations
from server.kernel.clock import business_date
from server.meetings import ReportFilter, RequestFilter
from server.meetings.commands import AnswerRequest, HandInReport, PutRequest, SendReport
from server.notifications.inbox import tell
from server.people import Permission, may
from server.web.console.choices import worker_choices
from server.web.console.item_forms import unit_named
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import AtVersion, read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_month_reports", url_prefix="/month-reports")

SEE, KEEP = desk(Permission.SEE_OBLIGATIONS), desk(Permission.HAND_IN, csrf=True)
DECIDE = desk(Permission.DECIDE_ITEMS, csrf=True)
HERE = "/console/month-reports"


class ReportForm(Struct, frozen=True, kw_only=True):
    """A report as typed: its month as YYYY-MM; each line of `requests` needs the city to coordinate."""

    month: Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
    title: Annotated[str, Meta(min_length=2, max_length=120)]
    requests: Annotated[str, Meta(max_length=4000)] = ""


class SendingForm(AtVersion, frozen=True, kw_only=True):
    """To whom in the region it went, when, under which number."""

    sent_to: Annotated[str, Meta(min_length=2, max_length=60)]
    sent_on: date
    sent_number: Annotated[str, Meta(max_length=40)] = ""


class AnswerForm(AtVersion, frozen=True, kw_only=True):
    """The city's answer in words."""

    answer: Annotated[str, Meta(min_length=2, max_length=500)]


class PlacingForm(AtVersion, frozen=True, kw_only=True):
    """The unit that gets the work, and in how many working days it is due."""

    unit: Annotated[str, Meta(min_length=1, max_length=80)]
    days: Annotated[int, Meta(ge=1, le=250)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the register of month reports, the latest month first, and whether each went to the region."""
    actor, wanted = actor_of(request), read_filter(request, ReportFilter)
    found = await meetings.reports_of(actor, wanted)
    shown = found[: wanted.limit]
    return await page(
        request,
        "meetings/reports.html",
        reports=shown,
        wanted=wanted,
        total=await meetings.reports_wanted(actor, wanted).count(),
        next_after=shown[-1].id if len(found) > wanted.limit else None,
    )


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.HAND_IN))
async def start(request: Request) -> HTTPResponse:
    """Show the form for the report of a month."""
    today = business_date(tools_of(request).clock.now())
    return await page(request, "meetings/new_report.html", today=today)


@blueprint.post("/", name="hand_in", ctx_guard=KEEP)
async def hand_in(request: Request) -> HTTPResponse:
    """Hand in the report of a month; files are added on its page."""
    typed = read_form(request, ReportForm)
    lines = [line.strip() for line in typed.requests.splitlines()]
    command = HandInReport(
        month_on=date.fromisoformat(f"{typed.month}-01"),
        title=typed.title,
        requests=[line[:200] for line in lines if len(line) > 1],
    )
    report, _ = await meetings.hand_in_report(
        command, by=actor_of(request), now=tools_of(request).clock.now()
    )
    return go_to(request, f"{HERE}/{report.id}")


@blueprint.get("/requests", name="requests", ctx_guard=SEE)
async def show_requests(request: Request) -> HTTPResponse:
    """Show what the reports ask of the city, the longest waiting first."""
    wanted = read_filter(request, RequestFilter)
    found = await meetings.requests_waiting(actor_of(request), wanted)
    return await page(request, "meetings/requests.html", found=found, wanted=wanted, states=RequestToCity)


@blueprint.get("/<report_id:uuid>", name="report", ctx_guard=SEE)
async def show_report(request: Request, report_id: UUID) -> HTTPResponse:
    """Show a month report with its files, what it asks of the city, and whether it went to the region."""
    actor = actor_of(request)
    report = await meetings.report_seen_by(actor, report_id)
    own = may(actor.duties, Permission.HAND_IN) and report.organisation_id in obligations.hands_in_for(actor)
    asks = await meetings.requests_of([report.id])
    decides = may(actor.duties, Permission.DECIDE_ITEMS)
    told = [report.id, *(one.id for one in asks), *await obligations.proof_ids_of(report.id)]
    return await page(
        request,
        "meetings/report.html",
        report=report,
        requests=asks,
        files=(await files.files_of([report.id])).get(report.id, []),
        deeds=await tell(await journal.timeline(*told)),
        is_own=own,
        decides=decides,
        units=await worker_choices() if decides else [],
        today=business_date(tools_of(request).clock.now()),
        waiting=RequestToCity.WAITING,
    )


@blueprint.post("/<report_id:uuid>/sending", name="send", ctx_guard=KEEP)
async def send(request: Request, report_id: UUID) -> HTTPResponse:
    """Enter that the report went to the region's counterpart."""
    typed = read_form(request, SendingForm)
    command = SendReport(
        version=typed.version, sent_to=typed.sent_to, sent_on=typed.sent_on, sent_number=typed.sent_number
    )
    await meetings.send_report(report_id, command, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/{report_id}")


@blueprint.post("/requests/<request_id:uuid>/answer", name="answer", ctx_guard=DECIDE)
async def answer(request: Request, request_id: UUID) -> HTTPResponse:
    """Answer what a report asks of the city."""
    typed = read_form(request, AnswerForm)
    command = AnswerRequest(version=typed.version, answer=typed.answer)
    done = await meetings.answer_request(
        request_id, command, by=actor_of(request), now=tools_of(request).clock.now()
    )
    return go_to(request, f"{HERE}/{done.report_id}")


@blueprint.post("/requests/<request_id:uuid>/ledger-item", name="put", ctx_guard=DECIDE)
async def put(request: Request, request_id: UUID) -> HTTPResponse:
    """Register what a report asks of the city as a ledger item and dispatch it."""
    typed = read_form(request, PlacingForm)
    unit_id = await unit_named(typed.unit)
    command = PutRequest(version=typed.version, unit_id=unit_id, days=typed.days)
    item = await meetings.put_request(
        request_id, command, by=actor_of(request), now=tools_of(request).clock.now()
    )
    return go_to(request, f"/console/ledger/{item.id}")
