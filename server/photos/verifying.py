"""Watermark checks: what the code in a watermark proves, and what a picture that carries it shows (SUB-07)."""

import hashlib
from uuid import UUID

from models import Photo, Rendition
from server.gateways.images import Likeness, NotAPicture
from server.gateways.sealing import KeyRing
from server.gateways.storage import Missing, Storage
from server.kernel.text import CODE_LETTERS, code_form
from server.photos.findings import Cause, Finding
from server.photos.redacting import Box
from server.photos.refusals import NotAPhoto
from server.tools import Tools

CODE_LENGTH = 10


CAUSES = {
    Likeness.RESAVED: Cause.SAVED_AGAIN,
    Likeness.TURNED: Cause.TURNED,
    Likeness.CHANGED: Cause.PARTS_DIFFER,
    Likeness.MARK_CHANGED: Cause.MARK_DIFFERS,
    Likeness.CROPPED: Cause.CROPPED,
    Likeness.ANOTHER: Cause.ANOTHER_PICTURE,
    Likeness.TOO_SMALL: Cause.TOO_SMALL,
}


async def verify(code: str, *, sha256: str | None, storage: Storage) -> Finding:
    """Judge a verification code and, if given, the SHA-256 of the file that carries it.

    Without a digest, genuine means that the code is ours and the archived pictures are unchanged. A different digest
    alone proves nothing: use `compare`.
    """
    renditions = await _renditions_of(code)
    if not renditions:
        return Finding(Cause.NO_SUCH_CODE)
    if sha256 is not None:
        is_same = sha256.lower() in {rendition.sha256 for rendition in renditions}
        return Finding(Cause.SAME_FILE if is_same else Cause.FILE_DIFFERS, renditions[0].made_at)
    pictures = await _archived(renditions, storage=storage)
    return Finding(Cause.CODE_IS_OURS if pictures else Cause.ARCHIVE_CHANGED, renditions[0].made_at)


async def compare(code: str, picture: bytes, *, tools: Tools) -> Finding:
    """Judge a picture by the archived pictures of its code, and by no others; raises NotAPhoto.

    Anyone with the code has seen these pictures, so nobody learns here whether any other picture was ever reported. The
    sealed original is not compared either, because only the reporter has that exact file.
    """
    renditions = await _renditions_of(code)
    if not renditions:
        return Finding(Cause.NO_SUCH_CODE)
    made_at = renditions[0].made_at
    if hashlib.sha256(picture).hexdigest() in {rendition.sha256 for rendition in renditions}:
        return Finding(Cause.SAME_FILE, made_at)
    if any(rendition.withdrawn_at for rendition in renditions):
        return Finding(Cause.WITHDRAWN, made_at)
    archived = await _archived(renditions, storage=tools.storage)
    if not archived:
        return Finding(Cause.ARCHIVE_CHANGED, made_at)
    try:
        found = await tools.renderer.compare(picture, ours=archived)
    except NotAPicture as error:
        raise NotAPhoto(error.message_zh) from error
    return Finding(CAUSES[found.likeness], made_at, [Box(*box) for box in found.differs])


async def _renditions_of(code: str) -> list[Rendition]:
    return await Rendition.filter(verify_code=code_form(code)[: CODE_LENGTH + 1]).order_by("-width")


async def _archived(renditions: list[Rendition], *, storage: Storage) -> list[bytes]:
    """Return the pictures as they were made, largest first; empty if one of them is changed or missing."""
    try:
        pictures = [await storage.read(rendition.key) for rendition in renditions]
    except Missing:
        return []
    digests = [hashlib.sha256(picture).hexdigest() for picture in pictures]
    return pictures if digests == [rendition.sha256 for rendition in renditions] else []


def mark_code(photo: Photo, *, subject_id: UUID, keys: KeyRing, edition: int = 0) -> str:
    """Return the code burnt into a photo's renditions for one subject: the same every time they are made."""
    digest = int(
        keys.lookup(f"{photo.id}:{subject_id}" + (f":{edition}" if edition else ""), kind="mark"), 16
    )
    return "".join(
        CODE_LETTERS[digest // len(CODE_LETTERS) ** place % len(CODE_LETTERS)] for place in range(CODE_LENGTH)
    )
