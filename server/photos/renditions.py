"""Renders each photo of a subject as upright JPEGs with the subject's mark (SUB-06, SUB-07)."""

from uuid import UUID

import msgspec

from models import ManifestLine, Photo, Rendition
from models.vocabulary import PhotoState
from server import journal
from server.gateways.images import Mark, NotAPicture, Reason, Rendered, RenderingFailed
from server.kernel.clock import day_of, to_the_minute
from server.kernel.unit_of_work import unit_of_work
from server.photos.redacting import boxes_of, edition_of
from server.photos.sealed import is_sealed
from server.photos.subjects import Subject, described, render_copies, rendered_after
from server.photos.verifying import mark_code
from server.tools import Tools

MOST_TIME_OUTS = 2


@rendered_after("photo.received", "photo.redacted")
async def itself(photo_id: UUID) -> list[Photo]:
    """Return the photo that an entry is about."""
    return await Photo.filter(id=photo_id)


async def render(photo: Photo, *, tools: Tools) -> None:
    """Make a photo's missing renditions wherever it is shown; safe to repeat, and to run in two workers at once.

    Raises RenderingFailed the first time a photo breaks the renderer; the second time the photo is refused.
    """
    await _render_for_subject(photo, tools=tools)
    await render_copies(photo, tools=tools)


async def _render_for_subject(photo: Photo, *, tools: Tools) -> None:
    if photo.subject_kind is None or photo.subject_id is None:
        return
    is_named = await ManifestLine.exists(subject_id=photo.subject_id, sha256=photo.sha256)
    subject = await described(photo.subject_kind, photo.subject_id)
    if is_named and subject:
        await _develop_for(subject, photo, tools=tools)


async def _develop_for(subject: Subject, photo: Photo, *, tools: Tools) -> None:
    edition = await edition_of(photo)
    done = await Rendition.exists(photo_id=photo.id, subject_id=subject.id, edition=edition)
    if done or photo.state is PhotoState.REFUSED:
        return
    try:
        await _develop(photo, subject, edition=edition, tools=tools)
    except NotAPicture as error:
        await _refuse(photo, subject, because=error.message_zh)
    except RenderingFailed:
        photo.time_outs += 1
        await photo.save(update_fields=["time_outs"])
        if photo.time_outs < MOST_TIME_OUTS:
            raise
        await _refuse(photo, subject, because=NotAPicture(Reason.TOO_HEAVY).message_zh)


async def _develop(photo: Photo, subject: Subject, *, edition: int, tools: Tools) -> None:
    original = await tools.storage.read(photo.key, seal=tools.keys)
    code = mark_code(photo, subject_id=subject.id, edition=edition, keys=tools.keys)
    mark = Mark(
        at=photo.received_at,
        is_by_day=subject.is_by_day,
        code=code,
        place=subject.place,
        task=subject.task,
        reporter=subject.reporter,
    )
    boxes = await boxes_of(photo)
    developed = await tools.renderer.render(original, mark=mark, boxes=boxes, turn=photo.turn)
    renditions = await store_renditions(developed, photo=photo, subject_id=subject.id, code=code, tools=tools)
    for rendition in renditions:
        rendition.edition = edition
        if subject.is_by_day:
            rendition.made_at = day_of(rendition.made_at)
    if not is_sealed(photo):
        claims = msgspec.json.encode(developed.claims).decode()
        photo.claims_sealed = tools.keys.seal(claims, bound_to=f"photo:{photo.id}:claims")
    if not (boxes or is_sealed(photo)):  # redacted pictures are not compared for likeness
        photo.fingerprint = f"{developed.fingerprint:016x}"
    await _show(photo, renditions)


async def store_renditions(
    developed: Rendered, *, photo: Photo, subject_id: UUID, code: str, tools: Tools
) -> list[Rendition]:
    """Put the rendered pictures into storage; return their rows, which are not yet in the database."""
    rows = []
    for one in developed.renditions:
        key = f"renditions/{one.sha256[:2]}/{one.sha256}"
        await tools.storage.put(key, one.data)
        rows.append(
            Rendition(
                photo_id=photo.id,
                subject_id=subject_id,
                size=one.name,
                width=one.width,
                height=one.height,
                key=key,
                sha256=one.sha256,
                verify_code=code,
                made_at=to_the_minute(tools.clock.now()),
            )
        )
    return rows


@unit_of_work
async def _show(photo: Photo, renditions: list[Rendition]) -> None:
    """Show the renditions; a second call, after a crash or in parallel, changes nothing."""
    await Photo.select_for_update().get(id=photo.id)
    first = renditions[0]
    if await Rendition.exists(photo_id=photo.id, subject_id=first.subject_id, edition=first.edition):
        return
    photo.state, photo.turn = PhotoState.SHOWN, 0
    await photo.save(update_fields=["state", "turn", "claims_sealed", "fingerprint"])
    await Rendition.bulk_create(renditions, ignore_conflicts=True)
    await journal.record("photo.shown", photo, by=None)


@unit_of_work
async def _refuse(photo: Photo, subject: Subject, *, because: str) -> None:
    """Refuse the photo; only the first refusal counts, so that the sender is told once."""
    stored = Photo.filter(id=photo.id, state=PhotoState.STORED)
    if await stored.update(state=PhotoState.REFUSED, refused_because=because[:120], turn=0):
        await journal.record(
            "photo.refused", photo, by=None, about_kind=subject.kind, about_id=subject.told_as
        )
