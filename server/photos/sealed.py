"""Photos of sealed reports: addressed with the phone's capability, re-encoded on the phone, tied only to their report.

No digest of the file, no camera claims and no fingerprint is kept: someone who seizes a photo album and all keys here
can confirm nothing by computing. The bytes are never stored under their digest, and are dated by the day.
"""

from collections.abc import AsyncIterable, Sequence
from datetime import datetime
from uuid import UUID

from models import ManifestLine, Photo
from models.vocabulary import PhotoState
from server.gateways.sealing import KeyRing
from server.gateways.storage import Kept, Storage
from server.photos.announcing import AnnouncedPhoto, write_manifest
from server.photos.keeping import in_our_words, tasted
from server.photos.reading import MAX_BYTES, missing
from server.photos.refusals import NotAPhoto

FOLDER = "sealed/"
# Otherwise the ledger's blocks would permanently reveal the half second of each request.
ENTERED_AS_IT_COMES = False


async def announce_sealed(
    photos: Sequence[AnnouncedPhoto], *, subject_kind: str, subject_id: UUID
) -> list[str]:
    """Write the manifest of a sealed subject; return the names of the photos still missing."""
    await write_manifest(
        photos, subject_kind=subject_kind, subject_id=subject_id, is_entered=ENTERED_AS_IT_COMES
    )
    return await missing(subject_id)


async def is_announced(name: str, *, subject_id: UUID) -> bool:
    """Whether a subject's manifest has a photo of that name."""
    return await ManifestLine.filter(subject_id=subject_id, sha256=name).exists()


async def store_sealed(
    chunks: AsyncIterable[bytes], *, name: str, sha256: str, dated: datetime, storage: Storage, keys: KeyRing
) -> Kept:
    """Store a JPEG under its name; `sha256` proves that it arrived complete and is then discarded.

    Raises the errors of `store`, and NotAPhoto for anything but a JPEG.
    """
    head = bytearray()
    with in_our_words():
        kept = await storage.keep_named(
            tasted(chunks, head=head),
            key=f"{FOLDER}{name[:2]}/{name}",
            expected_sha256=sha256,
            max_bytes=MAX_BYTES,
            seal=keys,
            dated=dated,
        )
    if not head.startswith(b"\xff\xd8\xff"):
        raise NotAPhoto
    return Kept(name, kept.bytes, kept.key, kept.sealed_sha256)


async def remember_sealed(kept: Kept, *, subject_kind: str, subject_id: UUID, at: datetime) -> None:
    """Record a sealed photo's arrival by day; repeating it changes nothing."""
    photo = Photo(
        subject_kind=subject_kind,
        subject_id=subject_id,
        sha256=kept.sha256,
        bytes=kept.bytes,
        kind="JPEG",
        key=kept.key,
        sealed_sha256=kept.sealed_sha256,
        state=PhotoState.STORED,
        received_at=at,
        is_entered=ENTERED_AS_IT_COMES,
    )
    await Photo.bulk_create([photo], ignore_conflicts=True)


async def count_sealed(subject_id: UUID) -> int:
    """Count the photos of a sealed subject that have arrived, entered or not, as its reporter is told."""
    return await Photo.filter(subject_id=subject_id).count()


async def subjects_waiting() -> set[UUID]:
    """Return the sealed subjects with photos that have arrived and are not entered yet."""
    waiting = await Photo.filter(is_entered=False).values_list("subject_id", flat=True)
    return {UUID(str(one)) for one in waiting}


async def enter_sealed(subject_id: UUID) -> list[Photo]:
    """Enter a sealed subject's arrived photos, inside the unit of work that records it; return them."""
    await ManifestLine.filter(subject_id=subject_id, is_entered=False).update(is_entered=True)
    waiting = await Photo.filter(subject_id=subject_id, is_entered=False).select_for_update()
    await Photo.filter(id__in=[photo.id for photo in waiting]).update(is_entered=True)
    return waiting


def is_sealed(photo: Photo) -> bool:
    """Whether nobody may learn anything about a photo's file."""
    return photo.key.startswith(FOLDER)
