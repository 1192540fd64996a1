"""One view of an item for the API and the console: its state today, and what the reader may do with it."""

from dataclasses import dataclass
from datetime import date, datetime

from models import LedgerItem
from models.vocabulary import EvidenceKind
from server import policies
from server.kernel.calendars import calendar
from server.ledger.evidence import missing_evidence
from server.ledger.extending import extensions_granted, why_no_extension
from server.ledger.offering import actions_open_to, permissions_reaching
from server.ledger.outsiders import registered_as_told
from server.ledger.pending import Pending, pending_of
from server.ledger.showing import Evidence, evidence_of
from server.ledger.states import ENDED
from server.ledger.status_light import LightStatus, light_of
from server.people import Actor, Permission


@dataclass(frozen=True)
class ItemView:
    """An item as one person sees it today; `open_actions` are codes of the ledger's table."""

    item: LedgerItem
    status: LightStatus
    pending: Pending
    permissions: set[Permission]  # those that reach this very item
    has_open_children: bool  # including those that this person may not see
    open_actions: list[str]
    extensions: int
    extension_words: str
    evidence: list[Evidence]
    evidence_needed: list[EvidenceKind]
    category_label: str
    registered_at: datetime


async def view_of(item: LedgerItem, *, to: Actor, today: date) -> ItemView:
    """Return the view of an item that an actor may see."""
    await item.fetch_related("commissioner", "void_asked_by")
    pending, permissions = await pending_of(item), await permissions_reaching(to, item)
    has_open_children = await LedgerItem.filter(parent_id=item.id, state__not_in=ENDED).exists()
    category = (await policies.in_force()).categories.named(item.category)
    open_actions = actions_open_to(
        to,
        item,
        permissions=permissions,
        pending=pending,
        has_open_children=has_open_children,
        today=today,
    )
    return ItemView(
        item=item,
        status=light_of(item, today=today, calendar=await calendar()),
        pending=pending,
        permissions=permissions,
        has_open_children=has_open_children,
        open_actions=open_actions,
        extensions=await extensions_granted(item),
        extension_words=why_no_extension(item, open_deeds=open_actions, pending=pending, today=today),
        evidence=await evidence_of(item),
        evidence_needed=missing_evidence(item.kind, [], category=category),
        category_label=category.label if category else "",
        registered_at=registered_as_told(item, to=to),
    )
