"""Verifying: what the code in a watermark proves (SUB-07)."""

import hashlib
from datetime import datetime
from uuid import UUID

from models import Photo, Rendition
from models.vocabulary import Word
from server.gateways.sealing import KeyRing
from server.gateways.storage import Missing, Storage
from server.text import CODE_LETTERS, code_form

CODE_LENGTH = 10


class Verdict(Word):
    GENUINE = "genuine", "真实：与存档一致"
    ALTERED = "altered", "不一致：内容与存档不同"
    UNKNOWN = "unknown", "查无此码"


async def verify(code: str, *, sha256: str | None, storage: Storage) -> tuple[Verdict, datetime | None]:
    """Judge a verification code and, if given, the SHA-256 of the picture that carries it; with its time.

    Without a picture, genuine means that the code is ours and the archived pictures are unchanged.
    """
    renditions = await Rendition.filter(verify_code=code_form(code)[: CODE_LENGTH + 1])
    if not renditions:
        return Verdict.UNKNOWN, None
    made_at = renditions[0].made_at
    if sha256 is not None:
        genuine = sha256.lower() in {rendition.sha256 for rendition in renditions}
        return (Verdict.GENUINE if genuine else Verdict.ALTERED), made_at
    unchanged = [await _is_unchanged(rendition, storage=storage) for rendition in renditions]
    return (Verdict.GENUINE if all(unchanged) else Verdict.ALTERED), made_at


async def _is_unchanged(rendition: Rendition, *, storage: Storage) -> bool:
    try:
        return hashlib.sha256(await storage.read(rendition.key)).hexdigest() == rendition.sha256
    except Missing:
        return False


def mark_code(photo: Photo, *, subject_id: UUID, keys: KeyRing, edition: int = 0) -> str:
    """The code burnt into a photo's renditions for one subject: the same however often they are made."""
    digest = int(
        keys.lookup(f"{photo.id}:{subject_id}" + (f":{edition}" if edition else ""), kind="mark"), 16
    )
    return "".join(
        CODE_LETTERS[digest // len(CODE_LETTERS) ** place % len(CODE_LETTERS)] for place in range(CODE_LENGTH)
    )
