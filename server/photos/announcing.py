"""Announcing: a command names its photos by digest, before or after they arrive (design §4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import ManifestLine, Person, Photo
from models.vocabulary import PhotoState
from server import reporters
from server.photos.allowing import day_keys
from server.photos.forgetting import hold
from server.photos.reading import MAX_BYTES, missing
from server.photos.subjects import senders_of

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class AnnouncedPhoto(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo that will come: digest and size of the bytes that the phone holds."""

    sha256: Digest
    bytes: Annotated[int, Meta(ge=1, le=MAX_BYTES)]
    taken_at: Annotated[datetime, Meta(tz=True)] | None = None


async def announce(
    photos: Sequence[AnnouncedPhoto], *, subject_kind: str, subject_id: UUID, by: Person, now: datetime
) -> list[str]:
    """Write a subject's manifest, replacing an earlier one; return the digests still missing.

    Photos that the sender uploaded before, unassigned or for another subject of theirs, are not requested again.
    """
    await reporters.lock_reporter(by.id)
    await write_manifest(photos, subject_kind=subject_kind, subject_id=subject_id)
    lacking = await missing(subject_id)
    found = await _take_over(lacking, kind=subject_kind, subject_id=subject_id, by=by, now=now)
    return [digest for digest in lacking if digest not in found]


async def write_manifest(
    photos: Sequence[AnnouncedPhoto], *, subject_kind: str, subject_id: UUID, is_entered: bool = True
) -> None:
    """Record which photos a subject has, replacing earlier lines."""
    await ManifestLine.filter(subject_id=subject_id).delete()
    await ManifestLine.bulk_create(
        ManifestLine(
            subject_kind=subject_kind,
            subject_id=subject_id,
            position=position,
            sha256=photo.sha256,
            bytes=photo.bytes,
            taken_at=photo.taken_at,
            is_entered=is_entered,
        )
        for position, photo in enumerate(photos, start=1)
    )


async def _take_over(
    digests: Sequence[str], *, kind: str, subject_id: UUID, by: Person, now: datetime
) -> set[str]:
    """Give a subject the photos that its sender uploaded before; return their digests."""
    if not digests:
        return set()
    days = day_keys(by, now=now)
    waiting = Photo.filter(sha256__in=digests, unnamed_key__in=days).order_by("id").select_for_update()
    unnamed = {photo.sha256: photo.id for photo in await waiting.only("id", "sha256")}
    if unnamed:
        named = {"subject_kind": kind, "subject_id": subject_id, "unnamed_key": None}
        await Photo.filter(id__in=list(unnamed.values())).update(**named)
    elsewhere = [digest for digest in digests if digest not in unnamed]
    return set(unnamed) | await _copy(elsewhere, kind=kind, subject_id=subject_id, by=by)


async def _copy(digests: Sequence[str], *, kind: str, subject_id: UUID, by: Person) -> set[str]:
    """Copy to a subject the photos that their sender sent for other subjects; return their digests."""
    if not digests:
        return set()
    sent = await Photo.filter(sha256__in=digests, subject_id__isnull=False)
    senders = await senders_of(
        (one.subject_kind, one.subject_id) for one in sent if one.subject_kind and one.subject_id
    )
    copied: set[str] = set()
    for one in sent:
        if one.sha256 not in copied and one.subject_id and senders.get(one.subject_id) == by.id:
            await hold(one.key)
            if await Photo.exists(id=one.id):
                await another_photo(one, kind=kind, subject_id=subject_id)
                copied.add(one.sha256)
    return copied


async def another_photo(photo: Photo, *, kind: str, subject_id: UUID) -> Photo:
    """Copy a photo to another subject; a refused one is refused there too."""
    return await Photo.create(
        subject_kind=kind,
        subject_id=subject_id,
        sha256=photo.sha256,
        bytes=photo.bytes,
        kind=photo.kind,
        key=photo.key,
        sealed_sha256=photo.sealed_sha256,
        state=PhotoState.REFUSED if photo.state is PhotoState.REFUSED else PhotoState.STORED,
        refused_because=photo.refused_because,
        received_at=photo.received_at,
        turn=photo.turn,
    )


async def subjects_naming(sha256: str, *, by: Person) -> list[tuple[str, UUID]]:
    """Return the subjects, with their kinds, whose manifests name a photo and whose photos this person sends."""
    lines = await ManifestLine.filter(sha256=sha256).only("subject_kind", "subject_id")
    named = {(line.subject_kind, line.subject_id) for line in lines}
    senders = await senders_of(named)
    return [(kind, subject_id) for kind, subject_id in named if senders.get(subject_id) == by.id]


async def fingerprints_of(subject_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """Return the 64-bit fingerprints of the pictures of many subjects, in two queries for any number of them."""
    lines = await ManifestLine.filter(subject_id__in=subject_ids)
    found = await Photo.filter(subject_id__in=subject_ids, fingerprint__isnull=False).only(
        "subject_id", "sha256", "fingerprint"
    )
    prints = {(photo.subject_id, photo.sha256): int(photo.fingerprint or "0", 16) for photo in found}
    by_subject: dict[UUID, list[int]] = {}
    for line in lines:
        if (line.subject_id, line.sha256) in prints:
            by_subject.setdefault(line.subject_id, []).append(prints[line.subject_id, line.sha256])
    return by_subject
