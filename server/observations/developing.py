"""What the photos of a report are marked with, and which reports name a photo."""

from models import ManifestLine, Observation, Photo, ReformTask
from models.vocabulary import Anonymity
from server import photos
from server.observations.submitting import SUBJECT
from server.tools import Tools


async def naming(photo: Photo) -> list[Observation]:
    """The reports whose manifests name a photo of its owner."""
    lines = await ManifestLine.filter(owner_id=photo.owner_id, sha256=photo.sha256, subject_kind=SUBJECT)
    return await Observation.filter(id__in=[line.subject_id for line in lines])


async def develop(observation: Observation, *, tools: Tools) -> None:
    """Make what is missing of a report's renditions, marked with place, task and the tier of a named reporter."""
    task = await ReformTask.get_or_none(id=observation.task_id)
    named = observation.anonymity is Anonymity.NAMED
    subject = photos.Subject(
        id=observation.id,
        kind=SUBJECT,
        told_as=observation.client_id,
        place=observation.place_name,
        task=task.code if task else "",
        reporter=observation.reporter_role.label if named else "",
    )
    await photos.develop(subject, tools=tools)
