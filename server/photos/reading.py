"""Reads which photos of a subject have arrived, and which are missing."""

from collections.abc import Collection
from uuid import UUID

from tortoise.query_utils import Prefetch

from models import ManifestLine, Photo, Rendition
from server.photos.counting import missing_of

MAX_BYTES = 10 * 1024 * 1024


async def missing(subject_id: UUID) -> list[str]:
    """Return the digests that a subject announced and whose photos have not arrived, in order."""
    return (await missing_of([subject_id])).get(subject_id, [])


async def photos_of(subject_id: UUID) -> list[Photo]:
    """Return the photos of a subject that have arrived, in the order of its manifest, with their renditions."""
    return (await photos_of_each([subject_id]))[subject_id]


async def photos_of_each(subject_ids: Collection[UUID]) -> dict[UUID, list[Photo]]:
    """Return the arrived photos of each subject, in three queries for all of them."""
    lines = await ManifestLine.filter(subject_id__in=list(subject_ids)).order_by("position")
    photos = await Photo.filter(subject_id__in=list(subject_ids), is_entered=True).prefetch_related(
        Prefetch("renditions", queryset=Rendition.filter(withdrawn_at=None))
    )
    here = {(photo.subject_id, photo.sha256): photo for photo in photos}
    found: dict[UUID, list[Photo]] = {subject_id: [] for subject_id in subject_ids}
    for line in lines:
        if photo := here.get((line.subject_id, line.sha256)):
            found[line.subject_id].append(photo)
    return found
