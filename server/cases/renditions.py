"""Renditions for a unit: released photos are rendered again, without mark, code, time or other traces of the reporter.

A report's own renditions carry the second of receipt and a code that /verify answers, so they never leave here.
"""

from uuid import UUID

from models import Case, CasePicture, Photo, Rendition
from models.vocabulary import CaseState
from server import journal, photos
from server.kernel.unit_of_work import unit_of_work
from server.tools import Tools


async def render(case_id: UUID, *, tools: Tools) -> None:
    """Render a case's missing pictures; safe to repeat and to run in two workers at once."""
    for picture in await CasePicture.filter(case_id=case_id).select_related("photo", "case"):
        edition = await photos.edition_of(picture.photo)
        if not await Rendition.exists(photo_id=picture.photo_id, subject_id=case_id, edition=edition):
            await _develop(picture, edition=edition, tools=tools)


@photos.rendered_after("case.opened")
async def released_photos(case_id: UUID) -> list[Photo]:
    """Return the photos that the office released for a case."""
    return [picture.photo for picture in await CasePicture.filter(case_id=case_id).select_related("photo")]


@photos.renders_copies("case")
async def render_wherever(photo: Photo, *, tools: Tools) -> None:
    """Render a redacted photo again in every case it was released for."""
    for picture in await CasePicture.filter(photo_id=photo.id):
        await render(picture.case_id, tools=tools)


async def render_waiting(*, tools: Tools) -> None:
    """Render the missing pictures of every case that has not left yet."""
    for case in await Case.filter(state=CaseState.PREPARED).only("id"):
        await render(case.id, tools=tools)


async def _develop(picture: CasePicture, *, edition: int, tools: Tools) -> None:
    photo, case = picture.photo, picture.case
    original = await tools.storage.read(photo.key, seal=tools.keys)
    boxes = await photos.boxes_of(photo)
    unmarked = await tools.renderer.render(original, mark=None, boxes=boxes)
    renditions = await photos.store_renditions(
        unmarked, photo=photo, subject_id=case.id, code="", tools=tools
    )
    for rendition in renditions:
        rendition.edition = edition
    await _keep(renditions, of=case)


@unit_of_work
async def _keep(renditions: list[Rendition], *, of: Case) -> None:
    """Store the renditions; if another worker was faster, nothing changes."""
    await Case.select_for_update().get(id=of.id)
    first = renditions[0]
    if await Rendition.exists(photo_id=first.photo_id, subject_id=of.id, edition=first.edition):
        return
    await Rendition.bulk_create(renditions, ignore_conflicts=True)
    await journal.record("case.picture_made", of, by=None)
