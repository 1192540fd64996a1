"""Recruiting, training and certifying members: who may be sent, and until when (M10 AT1)."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import Certificate, Duty, Organisation, Person, TeamMember, TrainingRecord
from models.vocabulary import DeputyKind, MemberSource, Role
from server import journal, people
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.people.reaching import within
from server.team.reading import member_managed_by
from server.team.refusals import AlreadyMember, BadTerm, DeputyKindMissing, NotTrained

TRAINING_HOLDS = timedelta(days=365)
USUAL_TERM = timedelta(days=365)
LONGEST_TERM = timedelta(days=3 * 366)


class NewTraining(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A training that was held."""

    subject: Annotated[str, Meta(min_length=2, max_length=60)]
    held_on: date
    hours: Annotated[int, Meta(ge=1, le=500)]
    is_passed: bool


@unit_of_work
async def enlist(
    person_id: UUID,
    *,
    source: MemberSource,
    by: Actor,
    now: datetime,
    organisation_id: UUID,
    deputy_kind: DeputyKind | None = None,
) -> TeamMember:
    """Add a person to an organisation's team; raises DeputyKindMissing, AlreadyMember, NoSuchThing."""
    if (source is MemberSource.DEPUTY) != (deputy_kind is not None):
        raise DeputyKindMissing
    organisation = await _organisation(organisation_id, by=by)
    person = await Person.select_for_update().get_or_none(id=person_id, is_active=True)
    if person is None:
        raise NoSuchThing
    if await TeamMember.exists(person_id=person.id):
        raise AlreadyMember
    member = await TeamMember.create(
        id=uuid4(),
        person=person,
        organisation=organisation,
        source=source,
        deputy_kind=deputy_kind,
        joined_on=business_date(now),
    )
    kind = deputy_kind.label if deputy_kind else source.label
    await journal.record("team_member.enlisted", member, by=by.person, source=kind)
    return member


@unit_of_work
async def record_training(member_id: UUID, *, new: NewTraining, by: Actor) -> TrainingRecord:
    """Record a member's training and whether they passed."""
    member = await member_managed_by(by, member_id)
    record = await TrainingRecord.create(
        member=member,
        subject=new.subject,
        held_on=new.held_on,
        hours=new.hours,
        is_passed=new.is_passed,
        recorded_by=by.person,
    )
    outcome = "合格" if new.is_passed else "未合格"
    await journal.record("team_member.trained", member, by=by.person, course=new.subject, outcome=outcome)
    return record


@unit_of_work
async def certify(
    member_id: UUID, *, by: Actor, now: datetime, valid_until: date | None = None
) -> Certificate:
    """Certify a trained member, for a year by default; from now on they can be sent on missions.

    Raises NotTrained without a training passed within a year, BadTerm.
    """
    member = await member_managed_by(by, member_id)
    today = business_date(now)
    passed = TrainingRecord.filter(
        member_id=member.id, is_passed=True, held_on__range=(today - TRAINING_HOLDS, today)
    )
    if not await passed.exists():
        raise NotTrained
    until = valid_until or today + USUAL_TERM
    if not today < until <= today + LONGEST_TERM:
        raise BadTerm
    certificate = await Certificate.create(
        member=member, valid_from=today, valid_until=until, issued_by=by.person
    )
    await _let_go_on_missions(member, by=by, now=now)
    await journal.record("team_member.certified", member, by=by.person, until=until)
    return certificate


@unit_of_work
async def revoke(certificate_id: UUID, *, because: str, by: Actor, now: datetime) -> Certificate:
    """Revoke a certificate from today on; the member keeps the missions they are already on."""
    certificate = await Certificate.select_for_update().get_or_none(id=certificate_id)
    if certificate is None:
        raise NoSuchThing
    member = await member_managed_by(by, certificate.member_id)
    if certificate.revoked_on is None:
        certificate.revoked_on, certificate.revoked_because = business_date(now), because
        await certificate.save()
        await journal.record("team_member.certificate_revoked", member, by=by.person, reason=because)
    return certificate


async def _organisation(organisation_id: UUID, *, by: Actor) -> Organisation:
    """Return an organisation whose team the actor manages; raises NoSuchThing."""
    found = await Organisation.filter(within(by, Permission.MANAGE_TEAM), id=organisation_id).first()
    if found is None:
        raise NoSuchThing
    return found


async def _let_go_on_missions(member: TeamMember, *, by: Actor, now: datetime) -> None:
    """Give a certified member the duty that lets phones open missions."""
    if not await Duty.exists(person_id=member.person_id, role=Role.TEAM_MEMBER, until_on=None):
        person = await Person.get(id=member.person_id)
        await people.give_duty(person, role=Role.TEAM_MEMBER, by=by.person, now=now)
