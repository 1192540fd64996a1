"""Opening checks: each new content gets one check, however often it is requested."""

from collections.abc import Collection
from datetime import datetime

from models import ContentCheck, Observation, Rendition
from models.vocabulary import ContentKind, ContentState
from server.moderation.contents import GONE, SUBJECT, digests_of


async def open_checks(observation: Observation, *, now: datetime) -> list[ContentCheck]:
    """Return the open checks of a report's words and of its photos that can be shown; safe to repeat.

    What the reporter replaced stops being current; what they brought back becomes current again.
    """
    if observation.state in GONE:
        return []
    words = await digests_of(observation, ContentKind.TEXT)
    photos = await digests_of(observation, ContentKind.PHOTO)
    shown = {
        rendition.photo.sha256
        for rendition in await Rendition.filter(subject_id=observation.id).select_related("photo")
    }
    texts = await _open(observation, ContentKind.TEXT, words, now=now)
    pictures = await _open(observation, ContentKind.PHOTO, [one for one in photos if one in shown], now=now)
    return texts + pictures


async def _open(
    observation: Observation, kind: ContentKind, digests: Collection[str], *, now: datetime
) -> list[ContentCheck]:
    of_kind = ContentCheck.filter(subject_id=observation.id, kind=kind)
    await of_kind.exclude(digest__in=digests).update(is_current=False)
    await ContentCheck.bulk_create(
        (
            ContentCheck(
                subject_kind=SUBJECT,
                subject_id=observation.id,
                kind=kind,
                digest=digest,
                opened_at=now,
                due_at=now,
            )
            for digest in digests
        ),
        ignore_conflicts=True,
    )
    mine = of_kind.filter(digest__in=digests)
    await mine.update(is_current=True)
    still_open = mine.filter(state=ContentState.PENDING, decision=None)
    await still_open.filter(due_at=None).update(due_at=now, opened_at=now)
    return await still_open
