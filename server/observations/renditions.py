"""What the photos of a report are marked with, and which reports name a photo."""

from uuid import UUID

from models import Observation, Photo, ReformTask
from server import photos, reporters
from server.observations.naming_reporters import names_shown
from server.observations.submitting import SUBJECT


async def naming(photo: Photo) -> list[Observation]:
    """The report that a photo is of, if it is one's; a list of one or none."""
    return await Observation.filter(id=photo.subject_id) if photo.subject_kind == SUBJECT else []


photos.tells_senders(SUBJECT)(reporters.reporters_of)


@photos.describes(SUBJECT)
async def describe(observation_id: UUID) -> photos.Subject | None:
    """A report's photos are marked with place, task and the name of a reporter who wished that it be shown."""
    observation = await Observation.get_or_none(id=observation_id)
    if observation is None:
        return None
    task = await ReformTask.get_or_none(id=observation.task_id)
    return photos.Subject(
        id=observation.id,
        kind=SUBJECT,
        told_as=observation.client_id,
        place=observation.place_name,
        task=task.code if task else "",
        reporter="".join(await names_shown([observation])),
    )
