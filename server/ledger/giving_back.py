"""Giving back items and requests: the reason comes from the catalogue, with the writer's own words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models import GiveBack, LedgerItem, Reason
from models.vocabulary import ReasonUse
from server import reasons
from server.ledger.refusals import ReasonNotChosen
from server.people import Actor

UNNAMED = "其他"  # items given back while the catalogue had no reason for it


@dataclass
class Returned:
    """How often something was given back, in total and by catalogue reason."""

    times: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)

    @property
    def words(self) -> str:
        """Return the reasons, the most frequent first: 不属于本单位职责2次、与在办事项重复1次."""
        return "、".join(f"{label}{times}次" for label, times in self.by_reason.most_common())


async def chosen(cause: str, *, use: ReasonUse) -> Reason | None:
    """Return the chosen reason; raises ReasonNotChosen unless the catalogue offers none for this use."""
    offered = await reasons.offered(use)
    found = next((one for one in offered if one.code == cause), None)
    if found is None and (offered or cause):
        raise ReasonNotChosen
    return found


def said(reason: Reason | None, words: str) -> str:
    """Return what the other side reads: the catalogue's words, then the writer's own. Raises ReasonNotChosen. Pure."""
    told = "\n".join(part for part in (reason.text if reason else "", words.strip()) if part)
    if not told:
        raise ReasonNotChosen
    return told


async def keep(
    item: LedgerItem, reason: Reason | None, words: str, *, use: ReasonUse, by: Actor, now: datetime
) -> None:
    """Record that something was given back; call it inside the unit of work, while the item still has its unit."""
    await GiveBack.create(
        item=item,
        use=use,
        reason=reason,
        label=reason.label if reason else "",
        words=words.strip(),
        unit_id=item.lead_unit_id,
        by=by.person,
        at=now,
    )


async def returned_of(item_ids: Iterable[UUID], *, use: ReasonUse) -> dict[UUID, Returned]:
    """Count how often these items, or their requests, were given back; one query for all of them."""
    found: dict[UUID, Returned] = {}
    rows = GiveBack.filter(item_id__in=set(item_ids), use=use).order_by("at", "id")
    for item_id, label in await rows.values_list("item_id", "label"):
        returned = found.setdefault(item_id, Returned())
        returned.times += 1
        returned.by_reason[label or UNNAMED] += 1
    return found
