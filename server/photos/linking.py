"""Links to photos: signed, bound to one person, valid for at most five minutes."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from models import Person, Rendition
from server.photos.refusals import LinkEnded

SECONDS = 300
PATH = "/api/v1/renditions/{id}?person={person}&until={until}&seal={seal}"


def link(rendition: Rendition, *, to: Person, now: datetime, key: bytes) -> str:
    """A path under which this person may fetch the rendition until five minutes from now."""
    until = int(now.timestamp()) + SECONDS
    seal = _seal(rendition.id, person_id=to.id, until=until, key=key)
    return PATH.format(id=rendition.id, person=to.id, until=until, seal=seal)


def check_link(
    rendition_id: UUID, *, person_id: UUID, until: int, seal: str, now: datetime, key: bytes
) -> None:
    """Raise LinkEnded unless the seal is ours and its time is not over."""
    expected = _seal(rendition_id, person_id=person_id, until=until, key=key)
    if (
        not hmac.compare_digest(expected.encode(), seal.encode())
        or not 0 <= until - now.timestamp() <= SECONDS
    ):
        raise LinkEnded


def _seal(rendition_id: UUID, *, person_id: UUID, until: int, key: bytes) -> str:
    words = f"rendition:{rendition_id}:{person_id}:{until}".encode()
    return hmac.new(key, words, hashlib.sha256).hexdigest()[:40]
