"""Reading: meetings and month reports within the actor's scope, newest first, with what followed from them."""

from collections.abc import Collection
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import CoordinationRequest, Meeting, MeetingDecision, MonthReport
from models.vocabulary import ProofKind, RequestToCity
from server import files
from server.kernel.refusal import NoSuchThing
from server.obligations import hands_in_for, visible
from server.people import Actor, Permission, may

Year = Annotated[int, Meta(ge=2000, le=2100)]


class MeetingFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which meetings are wanted; `until_on` is the last day, `after` the last one of the previous page."""

    year: Year | None = None
    kind: ProofKind | None = None
    organisation_id: UUID | None = None
    chair_id: UUID | None = None
    until_on: date | None = None
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class ReportFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which month reports are wanted: of a year, a unit, sent to the region or not yet."""

    year: Year | None = None
    organisation_id: UUID | None = None
    is_sent: bool | None = None
    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class RequestFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which matters that need the city are wanted."""

    state: RequestToCity | None = None


def meetings_wanted(actor: Actor, by: MeetingFilter) -> QuerySet[Meeting]:
    """Select the meetings of a filter that stand, before paging."""
    wanted = Meeting.filter(visible(actor), voided_at=None)
    if by.year:
        wanted = wanted.filter(held_on__gte=date(by.year, 1, 1), held_on__lte=date(by.year, 12, 31))
    if by.until_on:
        wanted = wanted.filter(held_on__lte=by.until_on)
    if by.kind:
        wanted = wanted.filter(kind=by.kind)
    if by.organisation_id:
        wanted = wanted.filter(organisation_id=by.organisation_id)
    if by.chair_id:
        wanted = wanted.filter(chair_id=by.chair_id)
    return wanted


async def meetings_of(actor: Actor, by: MeetingFilter) -> list[Meeting]:
    """Return a page of meetings, the last held first, one more than the limit if there are more."""
    wanted = meetings_wanted(actor, by)
    if by.after and (last := await Meeting.get_or_none(id=by.after)):
        wanted = wanted.filter(Q(held_on__lt=last.held_on) | Q(held_on=last.held_on, id__lt=last.id))
    rows = wanted.order_by("-held_on", "-id").limit(by.limit + 1)
    return await rows.select_related("organisation", "chair")


async def meeting_seen_by(actor: Actor, meeting_id: UUID) -> Meeting:
    """Return a meeting, also a voided one; raises NoSuchThing."""
    found = Meeting.filter(visible(actor), id=meeting_id)
    meeting = await found.select_related("organisation", "chair", "recorded_by").first()
    if meeting is None:
        raise NoSuchThing
    return meeting


async def decisions_of(meeting: Meeting) -> list[MeetingDecision]:
    """Return a meeting's decisions in their order, with their ledger items."""
    return await MeetingDecision.filter(meeting_id=meeting.id).order_by("position").select_related("item")


def reports_wanted(actor: Actor, by: ReportFilter) -> QuerySet[MonthReport]:
    """Select the month reports of a filter, before paging."""
    wanted = MonthReport.filter(visible(actor))
    if by.year:
        wanted = wanted.filter(month_on__gte=date(by.year, 1, 1), month_on__lte=date(by.year, 12, 31))
    if by.organisation_id:
        wanted = wanted.filter(organisation_id=by.organisation_id)
    if by.is_sent is not None:
        wanted = wanted.filter(sent_on__isnull=not by.is_sent)
    return wanted


async def reports_of(actor: Actor, by: ReportFilter) -> list[MonthReport]:
    """Return a page of month reports, the latest month first, one more than the limit if there are more."""
    wanted = reports_wanted(actor, by)
    if by.after and (last := await MonthReport.get_or_none(id=by.after)):
        wanted = wanted.filter(Q(month_on__lt=last.month_on) | Q(month_on=last.month_on, id__lt=last.id))
    rows = wanted.order_by("-month_on", "-id").limit(by.limit + 1)
    return await rows.select_related("organisation", "handed_in_by")


async def report_seen_by(actor: Actor, report_id: UUID) -> MonthReport:
    """Return a month report; raises NoSuchThing."""
    found = MonthReport.filter(visible(actor), id=report_id).select_related("organisation", "handed_in_by")
    report = await found.first()
    if report is None:
        raise NoSuchThing
    return report


async def requests_of(report_ids: Collection[UUID]) -> list[CoordinationRequest]:
    """Return what reports ask of the city, with the ledger items."""
    found = CoordinationRequest.filter(report_id__in=list(report_ids)).order_by("report_id", "id")
    return await found.select_related("item")


async def requests_waiting(actor: Actor, by: RequestFilter) -> list[CoordinationRequest]:
    """Return what needs the city within the actor's scope, the longest waiting first."""
    seen = await MonthReport.filter(visible(actor)).values_list("id", flat=True)
    wanted = CoordinationRequest.filter(report_id__in=[one for one in seen])
    if by.state:
        wanted = wanted.filter(state=by.state)
    rows = wanted.order_by("report__handed_in_at", "id").limit(200)
    return await rows.select_related("report", "report__organisation", "item", "answered_by")


@files.shows("meeting")
async def sees_meeting(actor: Actor, meeting_id: UUID) -> bool:
    """Whether an actor may see a meeting and so its files."""
    return _may_see(actor) and await Meeting.filter(visible(actor), id=meeting_id).exists()


@files.shows("month_report")
async def sees_report(actor: Actor, report_id: UUID) -> bool:
    """Whether an actor may see a month report and so its files."""
    return _may_see(actor) and await MonthReport.filter(visible(actor), id=report_id).exists()


@files.takes_more("meeting")
async def adds_to_meeting(actor: Actor, meeting_id: UUID) -> bool:
    """Whether an actor may add files to a meeting: one of their organisation's that stands."""
    return await Meeting.filter(
        id=meeting_id, organisation_id__in=hands_in_for(actor), voided_at=None
    ).exists()


@files.takes_more("month_report")
async def adds_to_report(actor: Actor, report_id: UUID) -> bool:
    """Whether an actor may add files to a month report: one of their organisation's."""
    return await MonthReport.filter(id=report_id, organisation_id__in=hands_in_for(actor)).exists()


def _may_see(actor: Actor) -> bool:
    return may(actor.duties, Permission.SEE_OBLIGATIONS)
