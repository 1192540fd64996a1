"""A ledger item as a card: its clock as of now, its timeline from the journal, and the actions open to the reader."""

from uuid import UUID

from sanic import HTTPResponse, Request

from models import JournalEntry, LedgerItem
from models.vocabulary import EvidenceKind, ReasonUse
from server import journal, ledger, observations, photos, reasons
from server.kernel.clock import business_date
from server.ledger import Evidence, Pending
from server.notifications import inbox
from server.people import Permission, may
from server.web.door.admission import tools_of
from server.web.door.operations import Done, actor_of, answer
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import PhotoLink
from server.web.miniapp.ledger_cards import (
    EvidenceCard,
    EvidencePhotoCard,
    LedgerItemCard,
    PendingRequest,
    ReasonLine,
    StepDone,
    TimelineLine,
)

ON_PHONES = {one.code for one in ledger.ACTIONS if one.operation}
GIVES_BACK = {"return_back": ReasonUse.GIVE_BACK, "reject": ReasonUse.SEND_BACK}

RETURNED = "ledger_item.returned"


class StepTaken(Done):
    """A step on an item, answered with the current card of the item."""

    item_id: UUID
    missing: list[str]

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the item as its actor sees it, and the digests of its evidence that are still missing."""
        item = await ledger.item_seen_by(actor_of(request), self.item_id)
        return answer(StepDone(await item_card(request, item), self.missing), status=201)


class GivenBack(Done):
    """An item that its unit gave back; holds the last card the unit saw, because the unit may not read it again."""

    card: LedgerItemCard
    last_entry: int  # of the journal, on the card

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the stored card, with giving it back as the last line of its timeline."""
        entries = await journal.timeline(self.card.id)
        last = next(one for one in entries if one.id > self.last_entry and one.event == RETURNED)
        self.card.timeline += _timeline(request, [last])
        return answer(StepDone(self.card, []), status=201)


async def given_back(request: Request, seen: LedgerItem, now: LedgerItem) -> GivenBack:
    """Return what to store when a unit gives an item back; `seen` is the item as the unit saw it until now."""
    entries = await journal.timeline(seen.id)
    seen.state, seen.version, seen.lead_unit = now.state, now.version, None
    return GivenBack(await item_card(request, seen), entries[-1].id)


async def item_card(request: Request, item: LedgerItem) -> LedgerItemCard:
    """Return the whole card of an item; its unit and task must be loaded."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    view = await ledger.view_of(item, to=actor, today=today)
    entries, pending = await journal.timeline(item.id), view.pending
    open_deeds = [code for code in view.open_actions if code in ON_PHONES]
    return LedgerItemCard(
        id=item.id,
        number=item.number_text,
        title=item.title,
        summary=item.summary,
        state=item.state,
        state_label=item.state.label,
        light=view.status.light,
        light_words=view.status.because,
        kind=item.kind,
        place_name=item.place_name,
        lead_unit=item.lead_unit.short_name if item.lead_unit else None,
        commissioner=item.commissioner.designation if item.commissioner else None,
        task_code=item.task.code if item.task else None,
        task_name=item.task.name if item.task else None,
        due_on=item.due_on,
        due_words=item.due_words,
        percent=item.percent,
        extensions=view.extensions,
        evidence_needed=view.evidence_needed,
        evidence_words=evidence_words(view.evidence_needed),
        extension_words=view.extension_words,
        evidence=[_evidence_card(request, one) for one in view.evidence],
        retention_note=item.retention_note,
        next_review_on=item.next_review_on,
        registered_at=view.registered_at,
        round=item.round,
        version=item.version,
        next_steps=ledger.MACHINE.steps_from(item.state),
        open_deeds=open_deeds,
        close_out_asked=_asked_to_close(pending),
        extension_asked=_asked_for_time(pending),
        retention_asked=_asked_to_retain(pending),
        causes=await _causes(open_deeds),
        before=await _before(request, item),
        timeline=_timeline(request, entries),
    )


def _timeline(request: Request, entries: list[JournalEntry]) -> list[TimelineLine]:
    today = business_date(tools_of(request).clock.now())
    return [
        TimelineLine(one.at, one.is_day, inbox.timeline_words(one.entry.event, one.entry.detail))
        for one in ledger.dated(entries, to=actor_of(request), today=today)
    ]


def evidence_words(needed: list[EvidenceKind]) -> str:
    """Return which evidence a close-out needs, so that nobody is sent back for it later. Pure."""
    if not needed:
        return "申请销号不要求附材料，有照片可以附上。"
    return f"申请销号要附：{'、'.join(kind.label for kind in needed)}。"


async def _causes(open_deeds: list[str]) -> list[ReasonLine]:
    """Return the reasons to choose from; an item is given back before work begins, a close-out after, never both."""
    use = next((use for deed, use in GIVES_BACK.items() if deed in open_deeds), None)
    offered = await reasons.offered(use) if use else []
    return [ReasonLine(one.code, one.label, one.text) for one in offered]


def _asked_to_close(pending: Pending) -> PendingRequest | None:
    asked = pending.close_out
    return PendingRequest(asked.text, asked.asked_at) if asked else None


def _asked_for_time(pending: Pending) -> PendingRequest | None:
    asked = pending.extension
    return PendingRequest(asked.reason, asked.asked_at, asked.until_on) if asked else None


def _asked_to_retain(pending: Pending) -> PendingRequest | None:
    asked = pending.retention
    return PendingRequest(asked.reason, asked.asked_at, asked.review_on) if asked else None


async def _before(request: Request, item: LedgerItem) -> list[list[PhotoLink]]:
    """Return the reporters' pictures of the matter; units see the office's case instead, never a report."""
    actor = actor_of(request)
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    return [
        [PhotoLink(*one) for one in links]
        for report in await observations.of_item(actor, item.id)
        for photo in await photos.photos_of(report.id)
        if (links := photo_links(request, photo, subject_id=report.id, to=actor.person))
    ]


def _evidence_card(request: Request, evidence: Evidence) -> EvidenceCard:
    person = actor_of(request).person
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
