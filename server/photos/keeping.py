"""Keeping a photo: its bytes go to the sealed store first, then one row says that it is here."""

from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from tortoise import connections
from tortoise.query_utils import Prefetch

from models import ManifestLine, Person, Photo, Rendition
from models.vocabulary import PhotoState
from server.clock import to_the_minute
from server.gateways import images
from server.gateways.sealing import KeyRing
from server.gateways.storage import DigestMismatch, DiskFull, Kept, Storage, StorageDown, TooLarge
from server.photos.allowing import Allowance, check_unnamed
from server.photos.forgetting import drop, hold
from server.photos.refusals import DigestDiffers, NotAPhoto, PhotoTooBig, StorageAway, StorageFull
from server.refusal import Refusal
from server.tools import Tools

MAX_BYTES = 10 * 1024 * 1024
HEAD_BYTES = 32

OUTCOMES: dict[type[Exception], type[Refusal]] = {
    TooLarge: PhotoTooBig,
    DigestMismatch: DigestDiffers,
    DiskFull: StorageFull,
    StorageDown: StorageAway,
}

REMEMBER = """
INSERT INTO photo (id, owner_id, sha256, bytes, kind, key, sealed_sha256, state, refused_because, received_at, turn,
    unnamed_key)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10)
ON CONFLICT (owner_id, sha256) DO NOTHING RETURNING id
"""


async def store(
    chunks: AsyncIterable[bytes], *, sha256: str, storage: Storage, keys: KeyRing
) -> tuple[Kept, str]:
    """Keep a stream of at most 10 MB, sealed, under its digest; returns what was kept and its kind.

    Holds no database connection. Raises NotAPhoto, PhotoTooBig, DigestDiffers, StorageFull or StorageAway,
    and has then left nothing behind.
    """
    head = bytearray()
    with in_our_words():
        kept = await storage.keep(
            tasted(chunks, head=head),
            folder="originals",
            expected_sha256=sha256,
            max_bytes=MAX_BYTES,
            seal=keys,
        )
    return kept, _kind(head)


async def see(kept: Kept, *, turn: int, tools: Tools) -> None:
    """Raise NotAPhoto, saying why, and forget the bytes of what was kept and can't be shown.

    So a photo is refused before a report counts as received; what was seen before is not looked at again.
    """
    if await Photo.exists(key=kept.key):
        return
    try:
        await tools.darkroom.look(partial(tools.storage.read, kept.key, seal=tools.keys), turn=turn)
    except images.NotAPicture as error:
        await drop(kept.key, storage=tools.storage)
        raise NotAPhoto(error.message_zh) from error


async def tasted(chunks: AsyncIterable[bytes], *, head: bytearray) -> AsyncIterator[bytes]:
    """The same pieces, the first bytes of which fill `head`; raises NotAPhoto as soon as they are no picture's."""
    async for chunk in chunks:
        if len(head) < HEAD_BYTES:
            head.extend(chunk[:HEAD_BYTES])
            if len(head) >= HEAD_BYTES:
                _kind(head)
        yield chunk


@contextmanager
def in_our_words() -> Iterator[None]:
    """What goes wrong in the storage, as the refusals that people read."""
    try:
        yield
    except tuple(OUTCOMES) as error:
        raise OUTCOMES[type(error)] from error


def _kind(head: bytearray) -> str:
    try:
        return str(images.kind_by_content(bytes(head)))
    except images.NotAPicture as error:
        raise NotAPhoto(error.message_zh) from error


async def remember(
    kept: Kept, *, kind: str, by: Person, allowance: Allowance, now: datetime
) -> tuple[Photo, bool]:
    """Write down that a photo is here; tells whether it is new. Call it inside the deed that takes the photo.

    Raises TooManyUnnamed if nothing names it and too many such photos wait already.
    """
    await hold(kept.key)
    earlier = await Photo.get_or_none(owner_id=by.id, sha256=kept.sha256)
    if earlier:
        return earlier, False
    is_named = await ManifestLine.exists(owner_id=by.id, sha256=kept.sha256)
    if not is_named:
        await check_unnamed(allowance.days, size=kept.bytes)
    waits_as = None if is_named else allowance.days[0]
    facts = [by.id, kept.sha256, kept.bytes, kind, kept.key, kept.sealed_sha256]
    facts += [PhotoState.STORED.value, to_the_minute(now)]
    rows = await connections.get("default").execute_query_dict(REMEMBER, [*facts, allowance.turn, waits_as])
    return await Photo.get(owner_id=by.id, sha256=kept.sha256), bool(rows)


async def missing(subject_id: UUID) -> list[str]:
    """The digests a subject announced whose photos are not here yet, in order."""
    lines = await ManifestLine.filter(subject_id=subject_id).order_by("position")
    photos = await Photo.filter(
        owner_id__in={line.owner_id for line in lines}, sha256__in=[line.sha256 for line in lines]
    ).only("sha256")
    here = {photo.sha256 for photo in photos}
    return list(dict.fromkeys(line.sha256 for line in lines if line.sha256 not in here))


async def photos_of(subject_id: UUID) -> list[Photo]:
    """The photos of a subject that are here, in the order of its manifest, with their renditions."""
    return (await photos_of_each([subject_id]))[subject_id]


async def photos_of_each(subject_ids: Collection[UUID]) -> dict[UUID, list[Photo]]:
    """The photos of each subject that are here; three queries for all of them."""
    lines = await ManifestLine.filter(subject_id__in=list(subject_ids)).order_by("position")
    photos = await Photo.filter(
        owner_id__in={line.owner_id for line in lines}, sha256__in={line.sha256 for line in lines}
    ).prefetch_related(Prefetch("renditions", queryset=Rendition.filter(withdrawn_at=None)))
    here = {(photo.owner_id, photo.sha256): photo for photo in photos}
    found: dict[UUID, list[Photo]] = {subject_id: [] for subject_id in subject_ids}
    for line in lines:
        if photo := here.get((line.owner_id, line.sha256)):
            found[line.subject_id].append(photo)
    return found
