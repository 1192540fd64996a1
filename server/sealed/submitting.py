"""Submitting a sealed report: a ticket stands for the person, a capability for the phone; nobody is signed in.

Arrivals wait in `sealed_arrival` until the hour is over and are then entered in random order.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from models import Observation, SealedAccess, SealedArrival
from models.vocabulary import ObservationState as S
from server import photos, policies
from server.gateways.sealing import KeyRing
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.kernel.workdays import Deadline
from server.observations import SubmitObservation
from server.observations.receipts import body_digest, new_receipt_number, receipt_hash
from server.observations.refusals import IdempotencyMismatch
from server.observations.submitting import SUBJECT, check_task, described, receiving_office
from server.sealed import codes, envelopes, tickets
from server.sealed.commands import SubmitSealed, as_observation, hour_of
from server.sealed.keysets import current
from server.sealed.reading import observation_behind
from server.sealed.refusals import CodeUsed, NotOffered, TicketRefused


@dataclass(frozen=True)
class Sealed:
    """A sealed report as it now stands, its missing photos, and whether this call created it."""

    observation: Observation
    missing: list[str]
    is_new: bool


async def submit(
    command: SubmitSealed,
    *,
    capability: str,
    keys: KeyRing,
    now: datetime,
) -> Sealed:
    """Submit a sealed report; repeating it gets the same answer and spends no second ticket.

    Raises NotOffered, TicketRefused, CodeWrong, CodeUsed, IdempotencyMismatch, NoSuchTask.
    """
    if await current() is None:
        raise NotOffered
    recovery = await codes.recovery_key(codes.digits_of(command.code), keys=keys)
    access = SealedAccess(
        observation_id=uuid4(), capability_hash=codes.capability_hash(capability), recovery_key=recovery
    )
    ticket = tickets.opened(command.ticket, keys=keys, now=now)
    promised = (await policies.in_force()).promises.review_days
    promise = (await calendar()).due(business_date(now), promised)
    told = as_observation(command)
    return await _take(told, access=access, ticket=ticket, keys=keys, promise=promise, now=now)


@unit_of_work
async def _take(
    told: SubmitObservation,
    *,
    access: SealedAccess,
    ticket: tickets.Ticket,
    keys: KeyRing,
    promise: Deadline,
    now: datetime,
) -> Sealed:
    is_first = await tickets.spend(ticket)
    earlier = await SealedAccess.get_or_none(capability_hash=access.capability_hash)
    if earlier:
        return await _again(told, earlier, recovery_key=access.recovery_key)
    if not is_first:
        raise TicketRefused
    if await SealedAccess.exists(recovery_key=access.recovery_key):
        raise CodeUsed
    await check_task(told.task_id)
    columns = await _columns(told, access=access, promise=promise, now=now)
    await SealedArrival.create(observation_id=access.observation_id, columns=msgspec.to_builtins(columns))
    await access.save(force_create=True)
    await _lay_envelope(ticket, access=access, keys=keys)
    missing = await photos.announce_sealed(
        told.photos, subject_kind=SUBJECT, subject_id=access.observation_id
    )
    return Sealed(Observation(**columns), missing, is_new=True)


async def _again(told: SubmitObservation, access: SealedAccess, *, recovery_key: str) -> Sealed:
    kept = await observation_behind(access)
    if kept.body_digest != body_digest(told) or access.recovery_key != recovery_key:
        raise IdempotencyMismatch
    return Sealed(kept, await photos.missing(kept.id), is_new=False)


async def _columns(
    told: SubmitObservation, *, access: SealedAccess, promise: Deadline, now: datetime
) -> dict[str, Any]:
    number, hour, client_id = new_receipt_number(), hour_of(now), uuid4()
    return {
        "id": access.observation_id,
        "office_id": (await receiving_office()).id,
        "reporter_role": None,
        "client_id": client_id,
        "receipt_number": number,
        "receipt_hash": receipt_hash(told, client_id=None, number=number, received_at=hour),
        "received_at": hour,
        "promised_on": promise.on,
        "promise_words": promise.words,
        "state": S.WAITING_MEDIA,
        **described(told),
    }


async def _lay_envelope(ticket: tickets.Ticket, *, access: SealedAccess, keys: KeyRing) -> None:
    envelope = tickets.envelope_in(ticket)
    packed = b64encode(envelope.packed()).decode()
    await envelopes.lay(
        access.observation_id,
        packed,
        keyset_id=UUID(envelope.set_id),
        digest=envelope.digest(),
        keys=keys,
    )
