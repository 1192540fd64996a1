"""A ledger item as a card: its clock is read now, its timeline from the journal."""

from sanic import Request

from models import LedgerItem
from server import inbox, journal, ledger
from server.calendars import calendar
from server.clock import business_date
from server.door.arriving import tools_of
from server.door.operations import visitor_of
from server.door.photo_links import photo_links
from server.ledger import Evidence
from server.miniapp.cards import EvidenceCard, EvidencePhotoCard, LedgerItemCard, PhotoLink, TimelineLine


async def item_card(request: Request, item: LedgerItem) -> LedgerItemCard:
    """The whole card of an item whose unit and task are at hand."""
    entries = await journal.timeline(item.id)
    today = business_date(tools_of(request).clock.now())
    shine = ledger.shine_of(item, today=today, calendar=await calendar())
    return LedgerItemCard(
        id=item.id,
        number=item.number_text,
        title=item.title,
        summary=item.summary,
        state=item.state,
        state_label=item.state.label,
        light=shine.light,
        light_words=shine.because,
        kind=item.kind,
        place_name=item.place_name,
        lead_unit=item.lead_unit.short_name if item.lead_unit else None,
        task_code=item.task.code if item.task else None,
        task_name=item.task.name if item.task else None,
        due_on=item.due_on,
        due_words=item.due_words,
        percent=item.percent,
        extensions=await ledger.extensions_granted(item),
        evidence_needed=ledger.missing_evidence(item.kind, []),
        evidence=[_evidence_card(request, one) for one in await ledger.evidence_of(item)],
        retention_note=item.retention_note,
        next_review_on=item.next_review_on,
        registered_at=item.registered_at,
        round=item.round,
        version=item.version,
        next_steps=ledger.steps_from(item.state),
        timeline=[TimelineLine(one.at, inbox.timeline_words(one.deed, one.detail)) for one in entries],
    )


def _evidence_card(request: Request, evidence: Evidence) -> EvidenceCard:
    person = visitor_of(request).person
    cards = [
        EvidencePhotoCard(
            kind,
            photo.state,
            [
                PhotoLink(*one)
                for one in photo_links(request, photo, subject_id=evidence.subject_id, to=person)
            ],
        )
        for kind, photo in evidence.pictures
    ]
    return EvidenceCard(evidence.at, evidence.words, cards)
