"""The page of one ledger item, and the data it shows; a unit sees the case, never the report."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sanic import HTTPResponse, Request

from models import Case, JournalEntry, LedgerItem, Observation, Reason
from models.vocabulary import EvidenceKind, ReasonUse
from server import cases, journal, ledger, observations, photos, reasons
from server.cases import CaseFilter
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.ledger import Evidence, ItemView, Relatives
from server.letters import Kinds
from server.notifications.inbox import Told, tell
from server.observations import RecheckSeen
from server.people import Actor, Permission, may
from server.web.console.choices import worker_choices
from server.web.console.item_origin import ItemOrigin, origin_of
from server.web.console.letters_of_item import LettersOfItem, letters_of_item
from server.web.console.pages import is_part, page
from server.web.console.picturing import Picture, picture_of
from server.web.door.admission import tools_of
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of


@dataclass(frozen=True)
class Source:
    """A report that an item was registered from, for people who may review it."""

    observation: Observation
    pictures: list[Picture]


@dataclass(frozen=True)
class ToldCase:
    """What the office told the unit about the matter, with the pictures it released."""

    case: Case
    pictures: list[Picture]


@dataclass(frozen=True)
class Proof:
    """What the unit handed in at one time."""

    subject_id: UUID
    at: datetime
    words: str
    pictures: list[Picture]


@dataclass(frozen=True)
class Rechecked:
    """What a reporter saw after the close-out, for people who may review reports."""

    told: RecheckSeen
    pictures: list[Picture]


@dataclass(frozen=True)
class Seen(ItemView):
    """An item as the API and the console see it, with everything else that its page shows."""

    sources: list[Source]
    told: ToldCase | None  # for its unit
    proofs: list[Proof]
    rechecks: list[Rechecked]
    relatives: Relatives
    is_alike: bool  # the last three progress reports are the same
    letters: LettersOfItem
    deeds: list[Told]
    origin: ItemOrigin | None
    unsolved_on: date | None  # the day a reporter saw it unsolved, if the actor may know yet

    @property
    def open_children(self) -> list[LedgerItem]:
        """Return those of the open children that this person may see."""
        return [one for one in self.relatives.children if one.state not in ledger.ENDED]

    @property
    def before(self) -> list[Picture]:
        """Return what the reporters saw, to compare with the unit's result; a unit sees only what was released."""
        if self.told:
            return self.told.pictures
        return [picture for source in self.sources for picture in source.pictures]

    @property
    def after(self) -> list[Picture]:
        """Return the pictures the unit handed in last, those of the result first."""
        last = self.proofs[0].pictures if self.proofs else []
        return sorted(last, key=lambda one: one.kind is not EvidenceKind.AFTER)


async def item_page(
    request: Request,
    item_id: UUID,
    *,
    refusal: Refusal | None = None,
    deed: str = "",
    typed: dict[str, str] | None = None,
    done: str = "",
) -> HTTPResponse:
    """Return an item's page, or its updated part; an action that came too late is shown with what was typed."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    seen = await seen_by(actor, item_id, today=today, kinds=letter_kinds(request))
    return await page(
        request,
        "ledger/item_part.html" if is_part(request) else "ledger/item.html",
        status=refusal.status if refusal else 200,
        seen=seen,
        item=seen.item,
        units=await worker_choices()
        if "dispatch" in seen.open_actions or "transfer" in seen.open_actions
        else [],
        today=today,
        give_back=await _offered("return_back", ReasonUse.GIVE_BACK, seen),
        send_back=await _offered("reject", ReasonUse.SEND_BACK, seen),
        refusal=refusal,
        typed_deed=deed,
        typed=typed or {},
        done=done,
    )


async def _offered(deed: str, use: ReasonUse, seen: Seen) -> list[Reason]:
    """Return the reasons to choose from, if the actor may give something back."""
    return await reasons.offered(use) if deed in seen.open_actions else []


async def seen_by(actor: Actor, item_id: UUID, *, today: date, kinds: Kinds) -> Seen:
    """Return everything that an actor may see of an item. Raises NoSuchThing."""
    item = await ledger.item_seen_by(actor, item_id)
    view = await ledger.view_of(item, to=actor, today=today)
    sources = await _sources(actor, item_id)
    entries = await journal.timeline(item.id, *(source.observation.id for source in sources))
    return Seen(
        **vars(view),
        sources=sources,
        unsolved_on=ledger.unsolved_as_told(item, to=actor, today=today),
        told=await _told(actor, item_id),
        origin=await origin_of(item, to=actor),
        proofs=_proofs(view.evidence),
        rechecks=await _rechecks(actor, item_id),
        relatives=await ledger.relatives_of(item, seen_by=actor),
        is_alike=await ledger.is_progress_alike(item),
        letters=await letters_of_item(item, to=actor, kinds=kinds, permissions=view.permissions),
        deeds=await _deeds(entries, actor=actor, today=today),
    )


async def _deeds(entries: list[JournalEntry], *, actor: Actor, today: date) -> list[Told]:
    told = ledger.dated(entries, to=actor, today=today)
    words = await tell(one.entry for one in told)
    return [
        one if one.is_day else replace(one, at=when.at, is_day=when.is_day)
        for one, when in zip(words, told, strict=True)
    ]


async def _sources(actor: Actor, item_id: UUID) -> list[Source]:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    return [
        Source(one, [picture_of(photo, subject_id=one.id) for photo in await photos.photos_of(one.id)])
        for one in await observations.of_item(actor, item_id)
    ]


async def _told(actor: Actor, item_id: UUID) -> ToldCase | None:
    """Return the newest case that was released to the actor's unit."""
    if not may(actor.duties, Permission.SEE_CASES):
        return None
    found = await cases.page_of_unit(actor, CaseFilter(item_id=item_id, limit=1))
    if not found:
        return None
    shown = await cases.pictures_of(found[0])
    return ToldCase(found[0], [picture_of(one, subject_id=found[0].id) for one in shown])


async def _rechecks(actor: Actor, item_id: UUID) -> list[Rechecked]:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    return [
        Rechecked(one, [picture_of(photo, subject_id=one.id) for photo in one.pictures])
        for one in await observations.rechecks_of(actor, item_id)
    ]


def _proofs(evidence: list[Evidence]) -> list[Proof]:
    return [
        Proof(
            one.subject_id,
            one.at,
            one.words,
            [picture_of(photo, subject_id=one.subject_id, kind=kind) for kind, photo in one.pictures],
        )
        for one in evidence
    ]
