"""Redacting a photo of one subject: the shown editions end at once, a new one without faces and plates is made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import Person, Photo, Redaction, Rendition
from server import journal
from server.refusal import Refusal
from server.work import deed

Share = Annotated[float, Meta(ge=0, le=1)]
MOST = 40


class BoxEmpty(Refusal):
    """A box without an area, or too many boxes."""

    status = 422
    message_zh = "遮挡框无效。"
    hint_zh = "请在照片上重新框选要遮挡的人脸或车牌,最多40处。"


class Box(Struct, frozen=True, forbid_unknown_fields=True):
    """What is blacked out, as shares of the upright picture's width and height."""

    left: Share
    top: Share
    right: Share
    bottom: Share


@deed
async def redact(
    photo: Photo, *, subject_id: UUID, boxes: Sequence[Box], by: Person, now: datetime
) -> Redaction:
    """Black out boxes in every size of a photo for one subject; earlier boxes stay black (REV-06).

    From the commit on no earlier edition is shown, even while the new one is being developed.
    """
    if not 0 < len(boxes) <= MOST or any(box.left >= box.right or box.top >= box.bottom for box in boxes):
        raise BoxEmpty
    await Photo.select_for_update().get(id=photo.id)
    earlier = await boxes_of(photo, subject_id=subject_id)
    redaction = await Redaction.create(
        photo=photo,
        subject_id=subject_id,
        edition=await edition_of(photo, subject_id=subject_id) + 1,
        boxes=[*earlier, *((box.left, box.top, box.right, box.bottom) for box in boxes)],
        by=by,
        made_at=now,
    )
    shown = Rendition.filter(photo_id=photo.id, subject_id=subject_id, withdrawn_at=None)
    await shown.update(withdrawn_at=now)
    await journal.record("photo.redacted", photo, by=by, boxes=len(boxes), edition=redaction.edition)
    return redaction


async def edition_of(photo: Photo, *, subject_id: UUID) -> int:
    """The edition that may be shown: 0 as taken, or the newest redaction."""
    newest = await Redaction.filter(photo_id=photo.id, subject_id=subject_id).order_by("-edition").first()
    return newest.edition if newest else 0


async def boxes_of(photo: Photo, *, subject_id: UUID) -> list[tuple[float, float, float, float]]:
    """Everything that is black in the edition that may be shown."""
    newest = await Redaction.filter(photo_id=photo.id, subject_id=subject_id).order_by("-edition").first()
    return [(left, top, right, bottom) for left, top, right, bottom in newest.boxes] if newest else []
