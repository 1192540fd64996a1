"""Shows evidence: the photos of progress reports and close-out requests, marked with the item's number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import CloseOutRequest, LedgerItem, ManifestLine, Photo, ProgressReport, Rendition
from models.vocabulary import EvidenceKind, RequestState
from server import photos
from server.kernel.refusal import NoSuchThing
from server.ledger import closing, reporting
from server.ledger.reading import item_seen_by
from server.people import Actor


@dataclass(frozen=True)
class Evidence:
    """The evidence of one report or request: its words and its photos with their kinds, in order."""

    subject_id: UUID
    at: datetime
    words: str
    pictures: list[tuple[EvidenceKind | None, Photo]]


@photos.describes(reporting.SUBJECT)
@photos.describes(closing.SUBJECT)
async def describe(subject_id: UUID) -> photos.Subject | None:
    """Return what marks evidence: the place and the number of its item."""
    request = await CloseOutRequest.filter(id=subject_id).select_related("item").first()
    proof = request or await ProgressReport.filter(id=subject_id).select_related("item").first()
    if proof is None:
        return None
    item = proof.item
    return photos.Subject(
        id=subject_id, kind="ledger_item", told_as=item.id, place=item.place_name, task=item.number_text
    )


@photos.tells_senders(closing.SUBJECT)
async def askers(request_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return who requested each close-out: they send its evidence."""
    return {one.id: one.asked_by_id for one in await CloseOutRequest.filter(id__in=list(request_ids))}


@photos.tells_senders(reporting.SUBJECT)
async def authors(report_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return who wrote each progress report: they send its evidence."""
    return {one.id: one.by_id for one in await ProgressReport.filter(id__in=list(report_ids))}


@photos.rendered_after("ledger_item.close_out_asked", "ledger_item.progress_reported")
async def evidence_photos(item_id: UUID) -> list[Photo]:
    """Return all arrived photos of an item's evidence."""
    found = await photos.photos_of_each(await _subjects(item_id))
    return [photo for of_subject in found.values() for photo in of_subject]


async def evidence_of(item: LedgerItem) -> list[Evidence]:
    """Return everything the unit submitted with photos, newest first."""
    requests = await CloseOutRequest.filter(item_id=item.id)
    reports = await ProgressReport.filter(item_id=item.id)
    handed_in = [(one.id, one.asked_at, one.text) for one in requests]
    handed_in += [(one.id, one.reported_at, one.text) for one in reports]
    found = []
    for subject_id, at, words in sorted(handed_in, key=lambda one: one[1], reverse=True):
        pictures = await _pictures(subject_id)
        if pictures:
            found.append(Evidence(subject_id, at, words, pictures))
    return found


async def solution_of(item: LedgerItem) -> tuple[UUID, list[Photo]] | None:
    """Return the granted close-out's id and its photos of the result; None if it has none."""
    granted = CloseOutRequest.filter(item_id=item.id, state=RequestState.GRANTED)
    request = await granted.order_by("-asked_at").first()
    if request is None:
        return None
    after = [photo for kind, photo in await _pictures(request.id) if kind is EvidenceKind.AFTER]
    return (request.id, after) if after else None


async def evidence_seen_by(actor: Actor, rendition_id: UUID) -> Rendition:
    """Return a rendition of evidence whose item the actor may see; raises NoSuchThing for foreign and missing alike."""
    rendition = await Rendition.get_or_none(id=rendition_id, withdrawn_at=None)
    if rendition is None:
        raise NoSuchThing
    request = await CloseOutRequest.get_or_none(id=rendition.subject_id)
    report = await ProgressReport.get_or_none(id=rendition.subject_id)
    proof = request or report
    if proof is None:
        raise NoSuchThing
    await item_seen_by(actor, proof.item_id)
    return rendition


async def _subjects(item_id: UUID) -> list[UUID]:
    requests = await CloseOutRequest.filter(item_id=item_id)
    reports = await ProgressReport.filter(item_id=item_id)
    return [one.id for one in requests] + [one.id for one in reports]


async def _pictures(subject_id: UUID) -> list[tuple[EvidenceKind | None, Photo]]:
    kinds = {line.sha256: line.evidence for line in await ManifestLine.filter(subject_id=subject_id)}
    return [(kinds.get(photo.sha256), photo) for photo in await photos.photos_of(subject_id)]
