"""What follows from a meeting or a report: a ledger item that carries its id, as it carries the item's."""

from datetime import datetime
from uuid import UUID

from models import CoordinationRequest, LedgerItem, Meeting, MeetingDecision, Organisation
from models.vocabulary import ObservationKind, RequestToCity
from server import journal, ledger
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.kernel.unit_of_work import unit_of_work
from server.ledger import NewItem, Origin
from server.ledger.commands import Dispatch
from server.meetings.commands import AnswerRequest, Place, PutDecision, PutRequest
from server.meetings.reading import meeting_seen_by
from server.meetings.recording import MEETING, save
from server.meetings.refusals import AlreadyAnswered, AlreadyOnLedger, MeetingVoided, NoSeriesHere
from server.obligations import visible
from server.people import Actor, Permission

LONGEST_TITLE = 60


@unit_of_work
async def put_decision(meeting_id: UUID, command: PutDecision, *, by: Actor, now: datetime) -> LedgerItem:
    """Register a decision as a ledger item and dispatch it.

    Raises NoSuchThing, MeetingVoided, AlreadyOnLedger, NoSeriesHere, and what registering and dispatching raise.
    """
    await meeting_seen_by(by, meeting_id)
    meeting = await Meeting.select_for_update().get(id=meeting_id)
    if meeting.voided_at:
        raise MeetingVoided
    decision = await MeetingDecision.get_or_none(id=command.decision_id, meeting_id=meeting.id)
    if decision is None:
        raise NoSuchThing
    if decision.item_id:
        raise AlreadyOnLedger
    item = await _place(
        decision.text, command, origin=Origin(MEETING, meeting.id), words=meeting.title, by=by, now=now
    )
    decision.item_id = item.id
    await decision.save(update_fields=["item_id"])
    await save(meeting)
    await journal.record(
        "meeting.decision_on_ledger",
        meeting,
        by=by.person,
        position=decision.position,
        number=item.number_text,
        item_id=item.id,
    )
    return item


@unit_of_work
async def put_request(request_id: UUID, command: PutRequest, *, by: Actor, now: datetime) -> LedgerItem:
    """Register what needs the city's coordination as a ledger item and dispatch it; raises AlreadyAnswered."""
    request = await _waiting(request_id, version=command.version, by=by)
    origin = Origin("month_report", request.report_id)
    item = await _place(request.text, command, origin=origin, words="需要市级协调", by=by, now=now)
    request.state, request.item_id = RequestToCity.ON_LEDGER, item.id
    await _answered(request, by=by, now=now)
    await journal.record(
        "coordination_request.on_ledger",
        request,
        by=by.person,
        number=item.number_text,
        item_id=item.id,
    )
    return item


@unit_of_work
async def answer_request(
    request_id: UUID, command: AnswerRequest, *, by: Actor, now: datetime
) -> CoordinationRequest:
    """Answer what needs the city's coordination in words; raises AlreadyAnswered."""
    request = await _waiting(request_id, version=command.version, by=by)
    request.state, request.answer = RequestToCity.ANSWERED, command.answer
    await _answered(request, by=by, now=now)
    await journal.record("coordination_request.answered", request, by=by.person, answer=command.answer)
    return request


async def _place(
    text: str, place: Place, *, origin: Origin, words: str, by: Actor, now: datetime
) -> LedgerItem:
    new = NewItem(text[:LONGEST_TITLE], ObservationKind.PROBLEM, summary=text)
    office = await _office_of(by)
    item = await ledger.register(new, office=office, at=None, by=by.person, now=now, origin=origin)
    order = Dispatch(version=item.version, unit_id=place.unit_id, days=place.days, words=words)
    return (await ledger.dispatch(item.id, order, by=by, now=now)).item


async def _office_of(actor: Actor) -> Organisation:
    """Return the actor's office that gives ledger numbers; raises NoSeriesHere."""
    homes = [one.organisation_id for one in actor.reaches(Permission.DECIDE_ITEMS) if one.organisation_id]
    found = await Organisation.filter(id__in=homes, series__isnull=False).order_by("path").first()
    if found is None:
        raise NoSeriesHere
    return found


async def _waiting(request_id: UUID, *, version: int, by: Actor) -> CoordinationRequest:
    request = await CoordinationRequest.select_for_update().get_or_none(id=request_id)
    if request is None:
        raise NoSuchThing
    await request.fetch_related("report")
    seen = type(request.report).filter(visible(by), id=request.report_id)
    if not await seen.exists():
        raise NoSuchThing
    if request.version != version:
        raise StaleItem(version=request.version)
    if request.state is not RequestToCity.WAITING:
        raise AlreadyAnswered
    return request


async def _answered(request: CoordinationRequest, *, by: Actor, now: datetime) -> None:
    request.answered_by, request.answered_at = by.person, now
    request.version += 1
    await request.save()
