"""Redacting a report's photo: the reviewer blacks out faces and number plates before others see it (REV-06)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models import Redaction
from server import photos
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations.reading import observation_reviewed_by
from server.people import Actor
from server.photos import Box


@unit_of_work
async def redact_photo(
    observation_id: UUID, *, photo_id: UUID, boxes: Sequence[Box], by: Actor, now: datetime
) -> Redaction:
    """Black out boxes in one photo of a report, in every size; raises NoSuchThing if the photo belongs elsewhere."""
    observation = await observation_reviewed_by(by, observation_id)
    for photo in await photos.photos_of(observation.id):
        if photo.id == photo_id:
            return await photos.redact(photo, subject_id=observation.id, boxes=boxes, by=by.person, now=now)
    raise NoSuchThing
