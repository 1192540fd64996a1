"""Reading the catalogue with every past wording."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from tortoise.queryset import QuerySet

from models import Reason, ReasonVersion
from models.vocabulary import ReasonUse


@dataclass(frozen=True)
class Entry:
    """A reason and its wordings, newest first; an unchanged reason has none."""

    reason: Reason
    versions: list[ReasonVersion]


async def offered(use: ReasonUse) -> list[Reason]:
    """Return the reasons in use for a decision, in order."""
    return await Reason.filter(use=use, is_active=True).order_by("sort_order", "label")


def in_use() -> QuerySet[Reason]:
    """Return the query for the reasons that can be chosen, over all decisions."""
    return Reason.filter(is_active=True)


async def catalogue() -> dict[ReasonUse, list[Entry]]:
    """Return the reasons of every use in order, active ones first; two queries for all of them."""
    versions: dict[UUID, list[ReasonVersion]] = defaultdict(list)
    for version in await ReasonVersion.all().order_by("-version").select_related("by"):
        versions[version.reason_id].append(version)
    found: dict[ReasonUse, list[Entry]] = {use: [] for use in ReasonUse}
    for reason in await Reason.all().order_by("-is_active", "sort_order", "label"):
        found[reason.use].append(Entry(reason, versions[reason.id]))
    return found
