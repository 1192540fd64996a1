"""Announcing: a deed names its photos by digest, before or after they arrive (design §4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import ManifestLine, Person, Photo
from server.photos.keeping import MAX_BYTES, missing

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class AnnouncedPhoto(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo that will come: digest and size of the bytes that the phone holds."""

    sha256: Digest
    bytes: Annotated[int, Meta(ge=1, le=MAX_BYTES)]
    taken_at: Annotated[datetime, Meta(tz=True)] | None = None


async def announce(
    photos: Sequence[AnnouncedPhoto], *, subject_kind: str, subject_id: UUID, by: Person
) -> list[str]:
    """Write the manifest of a subject in place of an earlier one; returns the digests still missing."""
    await ManifestLine.filter(subject_id=subject_id).delete()
    await ManifestLine.bulk_create(
        ManifestLine(
            owner_id=by.id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            position=position,
            sha256=photo.sha256,
            bytes=photo.bytes,
            taken_at=photo.taken_at,
        )
        for position, photo in enumerate(photos, start=1)
    )
    digests = [photo.sha256 for photo in photos]
    await Photo.filter(owner_id=by.id, sha256__in=digests, unnamed_key__isnull=False).update(unnamed_key=None)
    return await missing(subject_id)


async def subjects_naming(sha256: str, *, by: Person, kind: str) -> list[UUID]:
    """The subjects of a kind whose manifests name this person's photo."""
    lines = await ManifestLine.filter(owner_id=by.id, sha256=sha256, subject_kind=kind).only("subject_id")
    return list({line.subject_id for line in lines})


async def subjects_with(photos: Sequence[Photo]) -> list[UUID]:
    """The subjects whose manifests name any of these photos, each by its owner."""
    lines = await ManifestLine.filter(
        owner_id__in={photo.owner_id for photo in photos}, sha256__in={photo.sha256 for photo in photos}
    ).only("subject_id")
    return list({line.subject_id for line in lines})


async def fingerprints_of(subject_ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    """The 64-bit fingerprints of the pictures of many subjects, in two queries however many there are."""
    lines = await ManifestLine.filter(subject_id__in=subject_ids)
    found = await Photo.filter(
        owner_id__in={line.owner_id for line in lines},
        sha256__in={line.sha256 for line in lines},
        fingerprint__isnull=False,
    ).only("owner_id", "sha256", "fingerprint")
    prints = {(photo.owner_id, photo.sha256): int(photo.fingerprint or "0", 16) for photo in found}
    by_subject: dict[UUID, list[int]] = {}
    for line in lines:
        if (line.owner_id, line.sha256) in prints:
            by_subject.setdefault(line.subject_id, []).append(prints[line.owner_id, line.sha256])
    return by_subject
