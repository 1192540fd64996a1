"""The supervision team on the console: members, trainings and certificates."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import DeputyKind, MemberSource
from server import journal, people, team
from server.kernel.clock import business_date
from server.notifications.inbox import tell
from server.people import Permission
from server.team import NewTraining
from server.web.console.choices import chosen_unit, unit_choices
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.console.refusals import UnitNotKnown
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_team", url_prefix="/team")

SEE, MANAGE = desk(Permission.SEE_TEAM), desk(Permission.MANAGE_TEAM, csrf=True)


class WhichMembers(Struct, frozen=True):
    """The source of the members to show."""

    source: MemberSource | None = None


class MemberForm(Struct, frozen=True, kw_only=True):
    """A new member, with the designation the system uses."""

    designation: Annotated[str, Meta(min_length=1, max_length=40)]
    source: MemberSource
    deputy_kind: DeputyKind | None = None
    unit: Annotated[str, Meta(min_length=1, max_length=80)]


class TrainingForm(Struct, frozen=True, kw_only=True):
    """A training that was held."""

    subject: Annotated[str, Meta(min_length=2, max_length=60)]
    held_on: date
    hours: Annotated[int, Meta(ge=1, le=500)]
    is_passed: bool = False


class CertificateForm(Struct, frozen=True):
    """Until when a certificate is valid; a year if not given."""

    valid_until: date | None = None


class RevocationForm(Struct, frozen=True):
    """The certificate to revoke, and why."""

    certificate_id: UUID
    because: Annotated[str, Meta(min_length=1, max_length=200)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the members, and whose certificate is valid today."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    source = read_filter(request, WhichMembers).source
    members = await team.members_of(actor, source=source)
    return await page(
        request,
        "team/list.html",
        members=members,
        certified=await team.certified_on(today, [one.id for one in members]),
        source=source,
        sources=MemberSource,
        deputies=DeputyKind,
        units=await unit_choices(),
    )


@blueprint.post("/", name="enlist", ctx_guard=MANAGE)
async def enlist(request: Request) -> HTTPResponse:
    """Add a person to the team."""
    typed, actor = read_form(request, MemberForm), actor_of(request)
    unit_id = await chosen_unit(typed.unit)
    if unit_id is None:
        raise UnitNotKnown
    person = await people.person_called(typed.designation)
    member = await team.enlist(
        person.id,
        source=typed.source,
        deputy_kind=typed.deputy_kind,
        organisation_id=unit_id,
        by=actor,
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"/console/team/{member.id}")


@blueprint.get("/<member_id:uuid>", name="member", ctx_guard=desk(Permission.MANAGE_TEAM))
async def show_member(request: Request, member_id: UUID) -> HTTPResponse:
    """Show one member with trainings and certificates."""
    member = await team.member_managed_by(actor_of(request), member_id)
    return await page(
        request,
        "team/member.html",
        member=member,
        trainings=await team.trainings_of(member),
        certificates=await team.certificates_of(member),
        deeds=await tell(await journal.timeline(member.id)),
        today=business_date(tools_of(request).clock.now()),
    )


@blueprint.post("/<member_id:uuid>/trainings", name="train", ctx_guard=MANAGE)
async def train(request: Request, member_id: UUID) -> HTTPResponse:
    """Record a training."""
    typed = read_form(request, TrainingForm)
    new = NewTraining(
        subject=typed.subject, held_on=typed.held_on, hours=typed.hours, is_passed=typed.is_passed
    )
    await team.record_training(member_id, new=new, by=actor_of(request))
    return go_to(request, f"/console/team/{member_id}")


@blueprint.post("/<member_id:uuid>/certificates", name="certify", ctx_guard=MANAGE)
async def certify(request: Request, member_id: UUID) -> HTTPResponse:
    """Certify a trained member."""
    until = read_form(request, CertificateForm).valid_until
    now = tools_of(request).clock.now()
    await team.certify(member_id, by=actor_of(request), now=now, valid_until=until)
    return go_to(request, f"/console/team/{member_id}")


@blueprint.post("/<member_id:uuid>/revocations", name="revoke", ctx_guard=MANAGE)
async def revoke(request: Request, member_id: UUID) -> HTTPResponse:
    """End a certificate today."""
    typed, now = read_form(request, RevocationForm), tools_of(request).clock.now()
    await team.revoke(typed.certificate_id, because=typed.because, by=actor_of(request), now=now)
    return go_to(request, f"/console/team/{member_id}")
