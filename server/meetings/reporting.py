"""Month reports: handed in with their files and what needs the city, then registered as sent to the region."""

from datetime import datetime
from uuid import UUID

from models import CoordinationRequest, MonthReport
from models.vocabulary import ProofKind
from server import files, journal, obligations
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.kernel.unit_of_work import unit_of_work
from server.meetings.commands import HandInReport, SendReport
from server.meetings.homes import home_of
from server.meetings.refusals import NotYetThatMonth, SentBefore
from server.obligations import Made, Making
from server.people import Actor

REPORT = "month_report"


@obligations.makes(ProofKind.MONTH_REPORT)
async def make_report(making: Making) -> Made:
    """Make the report that an obligation's proof stands for: of the month of its day."""
    report = await MonthReport.create(
        organisation_id=making.organisation_id,
        month_on=making.done_on.replace(day=1),
        title=making.title,
        handed_in_by=making.by,
        handed_in_at=making.now,
    )
    return Made(REPORT, report.id)


@unit_of_work
async def hand_in_report(command: HandInReport, *, by: Actor, now: datetime) -> tuple[MonthReport, list[str]]:
    """Hand in the report of a month, and return it with the digests of files still missing.

    It counts for the month it is about; its day of arrival decides whether in time.

    Raises NotYourUnit, NotYetThatMonth.
    """
    organisation_id, today = home_of(by, command.organisation_id), business_date(now)
    month_on = command.month_on.replace(day=1)
    if month_on > today:
        raise NotYetThatMonth
    report = await MonthReport.create(
        organisation_id=organisation_id,
        month_on=month_on,
        title=command.title,
        handed_in_by=by.person,
        handed_in_at=now,
    )
    await CoordinationRequest.bulk_create(
        CoordinationRequest(report=report, text=text) for text in command.requests
    )
    await obligations.prove(
        ProofKind.MONTH_REPORT,
        organisation_id=organisation_id,
        counts_on=month_on,
        made=Made(REPORT, report.id),
        title=command.title,
        by=by,
        now=now,
    )
    missing = await files.announce(
        command.files, subject_kind=REPORT, subject_id=report.id, by=by.person, now=now
    )
    await journal.record(
        "month_report.handed_in",
        report,
        by=by.person,
        title=report.title,
        month=month_on.isoformat()[:7],
        requests=len(command.requests),
    )
    return report, missing


@unit_of_work
async def send_report(report_id: UUID, command: SendReport, *, by: Actor, now: datetime) -> MonthReport:
    """Enter that a report went to the region's counterpart. Raises NoSuchThing, StaleItem, SentBefore."""
    found = MonthReport.select_for_update().filter(organisation_id__in=obligations.hands_in_for(by))
    report = await found.get_or_none(id=report_id)
    if report is None:
        raise NoSuchThing
    if report.version != command.version:
        raise StaleItem(version=report.version)
    if report.sent_on:
        raise SentBefore
    report.sent_to, report.sent_on = command.sent_to, command.sent_on
    report.sent_number = command.sent_number
    report.version += 1
    await report.save()
    await journal.record(
        "month_report.sent",
        report,
        by=by.person,
        title=report.title,
        to=report.sent_to,
        on=report.sent_on,
    )
    return report
