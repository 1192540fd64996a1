"""Announcing: a record names its files by digest, before or after their bytes arrive."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import FileArrival, FileLine, Person
from server.files.naming import honest_name

MAX_BYTES = 50 * 1024 * 1024
MOST = 20
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class AnnouncedFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that will come or has come: digest, size and the name that its reader will see."""

    sha256: Digest
    bytes: Annotated[int, Meta(ge=1, le=MAX_BYTES)]
    name: Annotated[str, Meta(min_length=1, max_length=120)]


async def announce(
    files: Sequence[AnnouncedFile], *, subject_kind: str, subject_id: UUID, by: Person, now: datetime
) -> list[str]:
    """Write down which files a record has and return the digests still missing; call it inside its unit of work."""
    await FileLine.bulk_create(
        FileLine(
            subject_kind=subject_kind,
            subject_id=subject_id,
            position=position,
            sha256=one.sha256,
            bytes=one.bytes,
            name=honest_name(one.name),
            announced_by=by,
            announced_at=now,
        )
        for position, one in enumerate({one.sha256: one for one in files}.values(), start=1)
    )
    return await missing_of([one.sha256 for one in files], by=by)


async def announce_more(
    file: AnnouncedFile, *, subject_kind: str, subject_id: UUID, by: Person, now: datetime
) -> None:
    """Write down one more file of a record; call it inside a unit of work."""
    last = await FileLine.filter(subject_id=subject_id).order_by("-position").first()
    await FileLine.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        position=last.position + 1 if last else 1,
        sha256=file.sha256,
        bytes=file.bytes,
        name=honest_name(file.name),
        announced_by=by,
        announced_at=now,
    )


async def missing_of(digests: Collection[str], *, by: Person) -> list[str]:
    """Return the digests whose bytes this person has not sent yet, in their order."""
    sent = FileArrival.filter(sent_by_id=by.id, sha256__in=list(digests))
    here = {one.sha256 for one in await sent.only("sha256")}
    return [one for one in dict.fromkeys(digests) if one not in here]
