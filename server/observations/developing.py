"""Developing: each photo of a report becomes upright renditions that carry the report's mark (SUB-06, SUB-07)."""

from datetime import datetime

import msgspec

from models import ManifestLine, Observation, Photo, ReformTask, Rendition
from models.vocabulary import Anonymity, PhotoState
from server import journal, photos
from server.gateways.images import Mark, NotAPicture
from server.observations.submitting import SUBJECT
from server.tools import Tools
from server.work import deed


async def naming(photo: Photo) -> list[Observation]:
    """The reports whose manifests name a photo of its owner."""
    lines = await ManifestLine.filter(owner_id=photo.owner_id, sha256=photo.sha256, subject_kind=SUBJECT)
    return await Observation.filter(id__in=[line.subject_id for line in lines])


async def develop(observation: Observation, *, tools: Tools) -> None:
    """Make what is missing of a report's renditions; safe to repeat, and by two workers at once."""
    for photo in await photos.photos_of(observation.id):
        done = any(rendition.subject_id == observation.id for rendition in photo.renditions)
        if not done and photo.state is not PhotoState.REFUSED:
            await _develop(photo, observation, tools=tools)


async def _develop(photo: Photo, observation: Observation, *, tools: Tools) -> None:
    original = await tools.storage.read(photo.key, seal=tools.keys)
    code = photos.mark_code(photo, subject_id=observation.id, keys=tools.keys)
    mark = await _mark(observation, code=code, at=photo.received_at)
    try:
        developed = await tools.darkroom.develop(original, mark=mark)
    except NotAPicture as error:
        await _refuse(photo, observation, because=error.message_zh)
        return
    claims = msgspec.json.encode(developed.claims).decode()
    keys = {}
    for one in developed.renditions:
        keys[one.name] = f"renditions/{one.sha256[:2]}/{one.sha256}"
        await tools.storage.put(keys[one.name], one.data)
    renditions = [
        Rendition(
            photo_id=photo.id,
            subject_id=observation.id,
            size=one.name,
            width=one.width,
            height=one.height,
            key=keys[one.name],
            sha256=one.sha256,
            verify_code=code,
            made_at=tools.clock.now(),
        )
        for one in developed.renditions
    ]
    photo.claims_sealed = tools.keys.seal(claims, bound_to=f"photo:{photo.id}:claims")
    photo.fingerprint = f"{developed.fingerprint:016x}"
    await _show(photo, renditions)


async def _mark(observation: Observation, *, code: str, at: datetime) -> Mark:
    task = await ReformTask.get_or_none(id=observation.task_id)
    reporter = observation.reporter_role.label if observation.anonymity is Anonymity.NAMED else ""
    place = observation.place_name
    return Mark(at=at, code=code, place=place, task=task.code if task else "", reporter=reporter)


@deed
async def _show(photo: Photo, renditions: list[Rendition]) -> None:
    """Whoever comes second, after a worker died or beside another one, changes nothing."""
    await Photo.select_for_update().get(id=photo.id)
    if await Rendition.exists(photo_id=photo.id, subject_id=renditions[0].subject_id):
        return
    photo.state = PhotoState.SHOWN
    await photo.save(update_fields=["state", "claims_sealed", "fingerprint"])
    await Rendition.bulk_create(renditions, ignore_conflicts=True)
    await journal.record("photo.shown", photo, by=None)


@deed
async def _refuse(photo: Photo, observation: Observation, *, because: str) -> None:
    """The first refusal counts, so that the reporter is told once."""
    stored = Photo.filter(id=photo.id, state=PhotoState.STORED)
    if await stored.update(state=PhotoState.REFUSED, refused_because=because[:120]):
        await journal.record("photo.refused", photo, by=None, client_id=observation.client_id)
