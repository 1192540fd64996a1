"""The checked contents of a report: its words with the name of the place, and each photo of its manifest."""

import hashlib
from uuid import UUID

from models import ContentCheck, ManifestLine, Observation
from models.vocabulary import ContentKind, ObservationState

SUBJECT = "observation"
# Nobody sees a withdrawn or declined report, so its contents are no longer checked or decided.
GONE = (ObservationState.WITHDRAWN, ObservationState.DECLINED)


def words_of(observation: Observation) -> str:
    """Return the words others would read: the text and the name of the place, which the reporter also typed."""
    return f"{observation.text}\n{observation.place_name}"


def digest_of_words(observation: Observation) -> str:
    """Return the SHA-256 of the words; MISSED in sweeping.py computes the same in the database."""
    return hashlib.sha256(words_of(observation).encode()).hexdigest()


async def digests_of(observation: Observation, kind: ContentKind) -> list[str]:
    """Return the digests of one kind that a report currently consists of, in order."""
    if kind is ContentKind.TEXT:
        return [digest_of_words(observation)]
    lines = await ManifestLine.filter(subject_id=observation.id).order_by("position")
    return list(dict.fromkeys(line.sha256 for line in lines))


async def is_wanted(check: ContentCheck, observation: Observation) -> bool:
    """Return whether a checked content still belongs to a report that others may come to see."""
    return observation.state not in GONE and check.digest in await digests_of(observation, check.kind)


async def name_of(check: ContentCheck) -> str:
    """Return an official's name for a content: 文字, or 第2张照片 as the review page counts them."""
    if check.kind is ContentKind.TEXT:
        return check.kind.label
    return photo_name(1 + await _position(check.subject_id, check.digest))


def photo_name(number: int) -> str:
    """Return the name of the photo at a position of the manifest, counted from 1."""
    return f"第{number}张照片"


async def _position(subject_id: UUID, digest: str) -> int:
    lines = await ManifestLine.filter(subject_id=subject_id).order_by("position")
    return next((place for place, line in enumerate(lines) if line.sha256 == digest), 0)
