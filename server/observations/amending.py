"""Amending and withdrawing a report, which its reporter may do until the office has decided."""

from datetime import datetime
from uuid import UUID, uuid4

from models import Observation, ObservationRevision
from models.vocabulary import Anonymity
from models.vocabulary import ObservationState as S
from server import journal, photos, policies
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations.commands import SubmitObservation
from server.observations.receipts import receipt_hash
from server.observations.refusals import (
    LowerAnonymity,
    NotAmendable,
    SealAnew,
    Stale,
    Withdrawn,
)
from server.observations.submitting import (
    SUBJECT,
    Submitted,
    check_category,
    check_own,
    check_same,
    check_task,
    described,
)
from server.observations.tiers import TIERS
from server.people import Actor

OPEN = (S.WAITING_MEDIA, S.RECEIVED, S.MORE_ASKED)
STRICTNESS = list(Anonymity)


@unit_of_work
async def amend(
    command: SubmitObservation, *, client_id: UUID, base_version: int, by: Actor, now: datetime
) -> Submitted:
    """Replace the content of a report with a new revision; this also answers the office's request for more.

    `base_version` is the version the phone last saw. Sending the same revision again gets the same answer; a stale
    version is refused and the current one is named. The earlier text is kept.
    """
    observation = await _own_locked(client_id, by=by)
    if observation.state is S.WITHDRAWN:
        raise Withdrawn
    if observation.version == base_version + 1:
        check_same(command, observation)
        return Submitted(observation, await photos.missing(observation.id), is_new=False)
    if observation.version != base_version:
        raise Stale(version=observation.version)
    if observation.state not in OPEN:
        raise NotAmendable
    if STRICTNESS.index(command.anonymity) < STRICTNESS.index(observation.anonymity):
        raise LowerAnonymity
    if command.anonymity is not observation.anonymity and not TIERS[command.anonymity].found_by_server:
        raise SealAnew
    categories = (await policies.in_force()).categories
    check_category(command, categories, earlier=observation.category)
    await check_task(command.task_id)
    return await _replace(observation, command, by=by, now=now)


@unit_of_work
async def withdraw(*, client_id: UUID, by: Actor, now: datetime) -> Observation:
    """Withdraw a report before the office has decided; withdrawing twice has the same effect as once."""
    observation = await _own_locked(client_id, by=by)
    if observation.state is S.WITHDRAWN:
        return observation
    if observation.state not in OPEN:
        raise NotAmendable
    observation.state, observation.decided_at = S.WITHDRAWN, now
    await observation.save()
    await journal.record("observation.withdrawn", observation, by=None)
    return observation


async def _own_locked(client_id: UUID, *, by: Actor) -> Observation:
    """Return the actor's own report, locked until the unit of work ends; raises NoSuchThing."""
    observation = await Observation.select_for_update().get_or_none(client_id=client_id)
    if observation is None:
        raise NoSuchThing
    await check_own(observation, by=by)
    return observation


async def _replace(
    observation: Observation, command: SubmitObservation, *, by: Actor, now: datetime
) -> Submitted:
    await ObservationRevision.create(
        id=uuid4(),
        observation=observation,
        version=observation.version,
        body=observation.body,
        received_at=now,
    )
    observation.update_from_dict(described(command))
    observation.version += 1
    observation.receipt_hash = receipt_hash(
        command,
        client_id=observation.client_id,
        number=observation.receipt_number,
        received_at=observation.received_at,
    )
    missing = await photos.announce(
        command.photos, subject_kind=SUBJECT, subject_id=observation.id, by=by.person, now=now
    )
    observation.state = S.WAITING_MEDIA if missing else S.RECEIVED
    await observation.save()
    await journal.record("observation.amended", observation, by=None, version=observation.version)
    return Submitted(observation, missing, is_new=True)
