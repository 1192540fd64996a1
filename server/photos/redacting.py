"""Redacts a photo: earlier renditions are withdrawn everywhere at once, and new ones lack faces and plates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import Person, Photo, Redaction, Rendition
from server import journal
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work

Share = Annotated[float, Meta(ge=0, le=1)]
MOST = 40


class BoxEmpty(Refusal):
    """A box without an area, or too many boxes."""

    status = 422
    message_zh = "遮挡框无效。"
    hint_zh = "请在照片上重新框选要遮挡的人脸或车牌，最多40处。"


class Box(Struct, frozen=True, forbid_unknown_fields=True):
    """What is blacked out, as shares of the upright picture's width and height."""

    left: Share
    top: Share
    right: Share
    bottom: Share


@unit_of_work
async def redact(
    photo: Photo, *, subject_id: UUID, boxes: Sequence[Box], by: Person, now: datetime
) -> Redaction:
    """Black out boxes in every size of a photo, wherever it is shown; earlier boxes stay black (REV-06).

    `subject_id` is where it was seen; the same picture elsewhere is blacked out too. After the commit no earlier
    edition is shown, even while the new one is being rendered.
    """
    if not 0 < len(boxes) <= MOST or any(box.left >= box.right or box.top >= box.bottom for box in boxes):
        raise BoxEmpty
    same = await Photo.select_for_update().filter(sha256=photo.sha256).order_by("id")
    made = {one.id: await _redact(one, subject_id=subject_id, boxes=boxes, by=by, now=now) for one in same}
    return made[photo.id]


async def _redact(
    photo: Photo, *, subject_id: UUID, boxes: Sequence[Box], by: Person, now: datetime
) -> Redaction:
    earlier = await boxes_of(photo)
    redaction = await Redaction.create(
        photo=photo,
        subject_id=subject_id,
        edition=await edition_of(photo) + 1,
        boxes=[*earlier, *((box.left, box.top, box.right, box.bottom) for box in boxes)],
        by=by,
        made_at=now,
    )
    shown = Rendition.filter(photo_id=photo.id, withdrawn_at=None)
    await shown.update(withdrawn_at=now)
    await journal.record("photo.redacted", photo, by=by, boxes=len(boxes), edition=redaction.edition)
    return redaction


async def edition_of(photo: Photo) -> int:
    """Return the edition that may be shown: 0 for the original, otherwise the newest redaction."""
    newest = await _newest(photo)
    return newest.edition if newest else 0


async def boxes_of(photo: Photo) -> list[tuple[float, float, float, float]]:
    """Return all boxes that are black in the edition that may be shown."""
    newest = await _newest(photo)
    return [(left, top, right, bottom) for left, top, right, bottom in newest.boxes] if newest else []


async def _newest(photo: Photo) -> Redaction | None:
    return await Redaction.filter(photo_id=photo.id).order_by("-edition").first()
