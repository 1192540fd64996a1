"""Photos as pages show them: the renditions made for one matter, or why there are none yet."""

from dataclasses import dataclass
from uuid import UUID

from models import Photo, Rendition
from models.vocabulary import EvidenceKind, PhotoState

AT_WORK = "正在处理，稍后可看"


@dataclass(frozen=True)
class Picture:
    """A photo: its renditions, largest first, or why there are none yet; `kind` says what evidence shows."""

    renditions: list[Rendition]
    words: str
    kind: EvidenceKind | None = None
    photo_id: UUID | None = None
    is_at_work: bool = False


def picture_of(photo: Photo, *, subject_id: UUID, kind: EvidenceKind | None = None) -> Picture:
    """Return a photo as shown under one report, request or observation."""
    if photo.state is PhotoState.REFUSED:
        return Picture([], photo.refused_because or photo.state.label, kind, photo.id)
    mine = [one for one in photo.renditions if one.subject_id == subject_id and one.withdrawn_at is None]
    return Picture(
        sorted(mine, key=lambda one: -one.width),
        "" if mine else AT_WORK,
        kind,
        photo.id,
        is_at_work=not mine,
    )
