"""The message thread between reporter and office under one report (SUB-11)."""

from datetime import datetime
from uuid import UUID

from models import Observation, ThreadMessage
from models.vocabulary import ObservationState as S
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.observations.reading import observation_reviewed_by, own_observation
from server.observations.refusals import NotAmendable
from server.people import Actor

CLOSED = (S.WITHDRAWN,)


@unit_of_work
async def say_as_reporter(client_id: UUID, *, text: str, by: Actor, now: datetime) -> ThreadMessage:
    """Add a reporter's message; it answers a request for more and puts the report back into the queue."""
    observation = await own_observation(by, client_id)
    if observation.state in CLOSED:
        raise NotAmendable
    message = await ThreadMessage.create(observation=observation, from_office=False, text=text, sent_at=now)
    await note_answer(observation, at=now)
    return message


async def note_answer(observation: Observation, *, at: datetime) -> None:
    """Record that the reporter wrote; a report that waited for more goes back to the office. Written last."""
    observation.reporter_wrote_at = at
    if observation.state is S.MORE_ASKED:
        observation.state = S.RECEIVED
        observation.version += 1
    await observation.save(update_fields=["state", "version", "reporter_wrote_at"])
    await journal.record("observation.answered", observation, by=None)


@unit_of_work
async def say_as_office(observation_id: UUID, *, text: str, by: Actor, now: datetime) -> ThreadMessage:
    """Add a message of the office; the reporter sees it as the office's, not as a person's."""
    observation = await observation_reviewed_by(by, observation_id)
    message = await ThreadMessage.create(
        observation=observation, from_office=True, by=by.person, text=text, sent_at=now
    )
    await Observation.filter(id=observation.id).update(reporter_wrote_at=None)
    await journal.record("observation.office_wrote", observation, by=by.person)
    return message


@unit_of_work
async def read_thread(observation_id: UUID, *, by: Actor) -> None:
    """Mark the reporter's last message as read and needing no answer; not a step, so no journal entry."""
    observation = await observation_reviewed_by(by, observation_id)
    await Observation.filter(id=observation.id).update(reporter_wrote_at=None)


async def thread_of(observation: Observation) -> list[ThreadMessage]:
    """Return all messages under a report, oldest first."""
    return await ThreadMessage.filter(observation_id=observation.id).order_by("sent_at", "id")
