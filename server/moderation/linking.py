"""The signed link under which WeChat fetches one picture for one check, a few times and for at most forty minutes."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from tortoise.expressions import F

from models import ContentCheck, Observation, Rendition
from models.vocabulary import ContentKind, ContentState
from server.moderation.contents import is_wanted
from server.observations.tiers import TIERS
from server.photos.refusals import LinkEnded

SECONDS = 40 * 60
FETCHES = 3  # WeChat's servers may repeat an interrupted fetch
SIZE = "medium"
PATH = "/api/v1/checks/pictures/{id}?until={until}&seal={seal}"


def picture_link(check: ContentCheck, *, key: bytes) -> str:
    """Return a path from which the picture of a check under way can be fetched."""
    until = _end(check)
    return PATH.format(id=check.id, until=until, seal=_seal(check.id, until=until, key=key))


async def fetch_picture(check_id: UUID, *, until: int, seal: str, now: datetime, key: bytes) -> Rendition:
    """Return the rendition behind a link; raises LinkEnded unless it was signed for the check under way.

    All other cases look the same: no check, answered, asked again, fetched too often, sealed since.
    """
    expected = _seal(check_id, until=until, key=key)
    if not hmac.compare_digest(expected.encode(), seal.encode(errors="replace")) or now.timestamp() > until:
        raise LinkEnded
    waiting = ContentCheck.filter(
        id=check_id, kind=ContentKind.PHOTO, state=ContentState.PENDING, decision=None, fetches__lt=FETCHES
    )
    check = await waiting.first()
    if check is None or until != _end(check):
        raise LinkEnded
    observation = await Observation.get(id=check.subject_id)
    if not TIERS[observation.anonymity].wechat_checks or not await is_wanted(check, observation):
        raise LinkEnded
    rendition = await Rendition.filter(
        subject_id=check.subject_id, size=SIZE, photo__sha256=check.digest, withdrawn_at=None
    ).first()
    if rendition is None or not await waiting.update(fetches=F("fetches") + 1):
        raise LinkEnded
    return rendition


def _end(check: ContentCheck) -> int:
    return int(check.asked_at.timestamp()) + SECONDS if check.asked_at else 0


def _seal(check_id: UUID, *, until: int, key: bytes) -> str:
    words = f"content_check:{check_id}:{until}".encode()
    return hmac.new(key, words, hashlib.sha256).hexdigest()[:40]
