"""The photos of a report: their marks, their senders, and what follows when the last one has arrived."""

from collections.abc import Collection
from uuid import UUID

from models import Observation, Photo, ReformTask
from models.vocabulary import ObservationState as S
from server import journal, photos, reporters
from server.observations.naming_reporters import names_shown
from server.observations.submitting import SUBJECT


async def naming(photo: Photo) -> list[Observation]:
    """Return the report a photo belongs to, as a list of one or none."""
    return await Observation.filter(id=photo.subject_id) if photo.subject_kind == SUBJECT else []


photos.tells_senders(SUBJECT)(reporters.reporters_of)
photos.rendered_after("observation.submitted", "observation.amended")(photos.photos_of)


@photos.describes(SUBJECT)
async def describe(observation_id: UUID) -> photos.Subject | None:
    """Describe a report's photos by place and task, and by the reporter's name if they asked to be named."""
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


@photos.finds(SUBJECT)
async def find(client_id: UUID) -> UUID | None:
    """Return the id of the report that a phone knows by its client id."""
    report = await Observation.get_or_none(client_id=client_id)
    return report.id if report else None


@photos.completes(SUBJECT)
async def complete(report_ids: Collection[UUID]) -> list[UUID]:
    """Note which reports have all their photos now; returns the client ids of those that still miss some."""
    waiting = await Observation.filter(id__in=report_ids, state=S.WAITING_MEDIA)
    lacking = await photos.missing_of([report.id for report in waiting]) if waiting else {}
    for report in waiting:
        if report.id not in lacking:
            report.state = S.RECEIVED
            await report.save(update_fields=["state"])
            await journal.record("observation.completed", report, by=None)
    return [report.client_id for report in waiting if report.id in lacking]
