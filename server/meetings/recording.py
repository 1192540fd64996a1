"""Recording: a meeting that was held counts at once for what its organisation owes; a voided one does not."""

from datetime import datetime
from uuid import UUID

from models import Meeting, MeetingDecision, Proof
from models.vocabulary import ProofKind as K
from server import files, journal, obligations
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.kernel.unit_of_work import unit_of_work
from server.meetings.chairs import check_chair
from server.meetings.commands import AddDecision, RecordMeeting, VoidMeeting
from server.meetings.homes import home_of
from server.meetings.refusals import MeetingHasItems, MeetingInFuture, MeetingVoided, NotAMeeting
from server.obligations import Made, Making
from server.people import Actor

KINDS = (
    K.JOINT_MEETING,
    K.THEMATIC_MEETING,
    K.ON_SITE_WORKING_MEETING,
    K.ON_SITE_PROMOTION_MEETING,
    K.COMMISSION_MEETING,
)
MEETING = "meeting"


@obligations.makes(*KINDS)
async def make_meeting(making: Making) -> Made:
    """Make the meeting that an obligation's proof stands for; its particulars are added on its own page."""
    meeting = await Meeting.create(
        organisation_id=making.organisation_id,
        kind=making.kind,
        title=making.title,
        held_on=making.done_on,
        recorded_by=making.by,
        recorded_at=making.now,
    )
    return Made(MEETING, meeting.id)


@unit_of_work
async def record(command: RecordMeeting, *, by: Actor, now: datetime) -> tuple[Meeting, list[str]]:
    """Record a meeting with its decisions, and return it with the digests of files still missing.

    Raises NotYourUnit, NotAMeeting, MeetingInFuture, NoSuchThing for a chair who leads nothing.
    """
    organisation_id = home_of(by, command.organisation_id)
    if command.kind not in KINDS:
        raise NotAMeeting
    if command.held_on > business_date(now):
        raise MeetingInFuture
    await check_chair(command.chair_id)
    meeting = await Meeting.create(
        organisation_id=organisation_id,
        kind=command.kind,
        title=command.title,
        held_on=command.held_on,
        place=command.place,
        chair_id=command.chair_id,
        attendees=command.attendees,
        agenda=command.agenda,
        recorded_by=by.person,
        recorded_at=now,
    )
    await MeetingDecision.bulk_create(
        MeetingDecision(meeting=meeting, position=position, text=text, recorded_by=by.person, recorded_at=now)
        for position, text in enumerate(command.decisions, start=1)
    )
    await obligations.prove(
        command.kind,
        organisation_id=organisation_id,
        counts_on=command.held_on,
        made=Made(MEETING, meeting.id),
        title=command.title,
        by=by,
        now=now,
    )
    missing = await files.announce(
        command.files, subject_kind=MEETING, subject_id=meeting.id, by=by.person, now=now
    )
    await journal.record("meeting.recorded", meeting, by=by.person, **_told(meeting))
    return meeting, missing


@unit_of_work
async def void(meeting_id: UUID, command: VoidMeeting, *, by: Actor, now: datetime) -> Meeting:
    """Void the record of a meeting: it stays readable and counts for nothing. Raises MeetingHasItems."""
    meeting = await lock(meeting_id, version=command.version, by=by)
    if await MeetingDecision.exists(meeting_id=meeting.id, item_id__isnull=False):
        raise MeetingHasItems
    meeting.voided_at, meeting.void_reason = now, command.reason
    await save(meeting)
    proofs = await Proof.filter(subject_kind=MEETING, subject_id=meeting.id, withdrawn_at=None)
    await obligations.withdraw_proofs(proofs, reason=command.reason, by=by, now=now)
    await journal.record("meeting.voided", meeting, by=by.person, **_told(meeting), reason=command.reason)
    return meeting


@unit_of_work
async def add_decision(meeting_id: UUID, command: AddDecision, *, by: Actor, now: datetime) -> Meeting:
    """Add a decision to a meeting."""
    meeting = await lock(meeting_id, version=command.version, by=by)
    last = await MeetingDecision.filter(meeting_id=meeting.id).order_by("-position").first()
    position = last.position + 1 if last else 1
    await MeetingDecision.create(
        meeting=meeting, position=position, text=command.text, recorded_by=by.person, recorded_at=now
    )
    await save(meeting)
    await journal.record(
        "meeting.decision_added", meeting, by=by.person, position=position, text=command.text
    )
    return meeting


async def lock(meeting_id: UUID, *, version: int, by: Actor) -> Meeting:
    """Return a meeting of the actor's own organisation, locked. Raises NoSuchThing, StaleItem, MeetingVoided."""
    found = Meeting.select_for_update().filter(organisation_id__in=obligations.hands_in_for(by))
    meeting = await found.get_or_none(id=meeting_id)
    if meeting is None:
        raise NoSuchThing
    if meeting.version != version:
        raise StaleItem(version=meeting.version)
    if meeting.voided_at:
        raise MeetingVoided
    return meeting


async def save(meeting: Meeting) -> None:
    """Save a change of a meeting under its next version."""
    meeting.version += 1
    await meeting.save()


def _told(meeting: Meeting) -> dict[str, str]:
    return {"kind": meeting.kind.label, "title": meeting.title, "held_on": meeting.held_on.isoformat()}
