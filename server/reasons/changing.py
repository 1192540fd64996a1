"""Changing the catalogue: reasons are reworded or retired, never deleted; past decisions keep their old words."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import Reason, ReasonVersion
from models.vocabulary import ReasonUse
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.reasons.refusals import LastReason, ReasonExists, StaleReason


class NewReason(Struct, frozen=True):
    """A reason's name in the office's list, and the words that a reporter reads."""

    label: Annotated[str, Meta(min_length=2, max_length=40, pattern=r"\S")]
    text: Annotated[str, Meta(min_length=10, max_length=300, pattern=r"\S")]


@unit_of_work
async def add_reason(new: NewReason, *, use: ReasonUse, by: Actor, now: datetime) -> Reason:
    """Add a reason at the end of the list for its use; raises ReasonExists."""
    by.reaches(Permission.KEEP_REASONS)
    await _check_name(new.label, use=use)
    last = await Reason.filter(use=use).order_by("-sort_order").first()
    order = last.sort_order + 1 if last else 0
    reason = await Reason.create(
        version=1, code=f"own_{uuid4().hex[:12]}", use=use, label=new.label, text=new.text, sort_order=order
    )
    await _keep(reason, by=by, now=now)
    await journal.record("reason.added", reason, by=by.person, use=use.label, label=new.label, text=new.text)
    return reason


@unit_of_work
async def change_reason(reason_id: UUID, *, version: int, new: NewReason, by: Actor, now: datetime) -> Reason:
    """Reword a reason; raises NoSuchThing, StaleReason, ReasonExists. The same words change nothing."""
    reason = await _at(reason_id, version=version, by=by)
    if (reason.label, reason.text) == (new.label, new.text):
        return reason
    if reason.label != new.label:
        await _check_name(new.label, use=reason.use)
    reason.label, reason.text = new.label, new.text
    await _renew(reason, by=by, now=now)
    await journal.record("reason.changed", reason, by=by.person, label=new.label, text=new.text)
    return reason


@unit_of_work
async def retire_reason(reason_id: UUID, *, version: int, by: Actor, now: datetime) -> Reason:
    """Retire a reason; raises NoSuchThing, StaleReason, LastReason."""
    reason = await _at(reason_id, version=version, by=by)
    if not reason.is_active:
        return reason
    in_use = await Reason.filter(use=reason.use, is_active=True).select_for_update()
    if [one.id for one in in_use] == [reason.id]:
        raise LastReason
    reason.is_active = False
    await _renew(reason, by=by, now=now)
    await journal.record("reason.retired", reason, by=by.person, label=reason.label)
    return reason


@unit_of_work
async def restore_reason(reason_id: UUID, *, version: int, by: Actor, now: datetime) -> Reason:
    """Restore a retired reason; raises NoSuchThing, StaleReason."""
    reason = await _at(reason_id, version=version, by=by)
    if reason.is_active:
        return reason
    reason.is_active = True
    await _renew(reason, by=by, now=now)
    await journal.record("reason.restored", reason, by=by.person, label=reason.label)
    return reason


async def _at(reason_id: UUID, *, version: int, by: Actor) -> Reason:
    by.reaches(Permission.KEEP_REASONS)
    reason = await Reason.select_for_update().get_or_none(id=reason_id)
    if reason is None:
        raise NoSuchThing
    if reason.version != version:
        raise StaleReason
    if not await ReasonVersion.exists(reason_id=reason.id, version=version):
        await _keep(reason, by=None, now=None)  # reasons from the city pack have no author here
    return reason


async def _check_name(label: str, *, use: ReasonUse) -> None:
    if await Reason.exists(use=use, label=label):
        raise ReasonExists


async def _renew(reason: Reason, *, by: Actor, now: datetime) -> None:
    reason.version += 1
    await reason.save()
    await _keep(reason, by=by, now=now)


async def _keep(reason: Reason, *, by: Actor | None, now: datetime | None) -> None:
    await ReasonVersion.create(
        reason=reason,
        version=reason.version,
        label=reason.label,
        text=reason.text,
        is_active=reason.is_active,
        at=now,
        by=by.person if by else None,
    )
