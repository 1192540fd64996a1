"""What became of reports, by category, so that the office sees which categories bring noise (REV-07)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from models.vocabulary import ObservationState as S
from server.observations.reading import reviewable
from server.packs import Categories
from server.people import Actor

UNSORTED = "没有分类"


@dataclass(frozen=True)
class Quality:
    """How many reports of one category came in, and what was decided; withdrawn ones don't count."""

    label: str
    received: int
    taken: int
    declined: int

    @property
    def open(self) -> int:
        return self.received - self.taken - self.declined

    @property
    def noise(self) -> int | None:
        """Return the share of declined reports among the decided ones in percent, or None before any decision."""
        decided = self.taken + self.declined
        return round(100 * self.declined / decided) if decided else None


async def quality_by_category(
    actor: Actor, *, since: datetime, until: datetime, categories: Categories
) -> list[Quality]:
    """Return the quality of each category that had reports in a span, the noisiest first; one statement."""
    rows = (
        await reviewable(actor)
        .filter(received_at__gte=since, received_at__lt=until)
        .exclude(state=S.WITHDRAWN)
        .annotate(number=Count("id"))
        .group_by("category", "state")
        .values("category", "state", "number")
    )
    found: dict[str | None, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["category"]][row["state"]] += row["number"]
    told = [_quality(categories, code, counts) for code, counts in found.items()]
    return sorted(told, key=lambda one: (-(one.noise if one.noise is not None else -1), -one.received))


def _quality(categories: Categories, code: str | None, counts: Counter[str]) -> Quality:
    category = categories.named(code)
    label = category.label if category else UNSORTED
    return Quality(label, counts.total(), counts[S.REGISTERED], counts[S.DECLINED])
