"""The published result of a visit as people read it: ranking, every step of the arithmetic, how to recompute it."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import RoundAsk, ScoreRound, SiteVisit, VisitStop
from server import scoring
from server.scoring import EntryResult, Rules
from server.scoring.aggregation import groups_of
from server.scoring.rules import rules_from
from server.site_visits.fetching import stops_of


class Part(Struct, frozen=True):
    """A group's figure in a score; small groups are joined."""

    groups: str
    weight: str
    ballots: int
    mark: str
    score: str


class ResultLine(Struct, frozen=True, kw_only=True):
    """One stop's place in the ranking; rank and score are None if nothing could be computed."""

    stop_id: UUID
    name: str
    unit_id: UUID | None
    unit: str
    rank: int | None
    is_tied: bool
    score: str | None
    parts: list[Part]
    sheet: list[str]  # the 计分单

    @property
    def place(self) -> str:
        if self.rank is None:
            return "没有得分"
        return f"并列第{self.rank}名" if self.is_tied else f"第{self.rank}名"


class VisitResult(Struct, frozen=True, kw_only=True):
    """A published result; stops without a score come last, ties in the order of the route."""

    title: str
    held_on: date
    organisation: str
    rules: Rules
    rule_digest: str
    rules_version: int
    fingerprint: str
    published_at: datetime | None
    lines: list[ResultLine]
    ballots: int
    not_counted: dict[str, int]  # by the kind of reason
    notes: list[str]  # of unlocks, in their order


async def published_visit_result(visit: SiteVisit) -> VisitResult:
    """Return the result of a visit that the caller may read; raises NoSuchThing before publication."""
    entries = await scoring.published_result(visit.id)
    found = await ScoreRound.get(id=visit.id)
    sheets, listed = await scoring.published_sheets(visit.id), await scoring.sealed_digests(visit.id)
    stops = {str(one.id): one for one in await stops_of(visit.id)}
    notes = RoundAsk.filter(round_id=visit.id, confirmed_at__not_isnull=True).order_by("asked_at")
    await visit.fetch_related("organisation")
    rules = rules_from(found.rules)
    ranks = Counter(one.rank for one in entries)
    lines = [
        _line(one, stops[one.entry], rules=rules, sheet=sheets[one.entry], is_tied=ranks[one.rank] > 1)
        for one in sorted(entries, key=lambda one: (one.rank is None, one.rank or 0))
    ]
    return VisitResult(
        title=visit.title,
        held_on=visit.held_on,
        organisation=visit.organisation.name,
        rules=rules,
        rule_digest=found.rule_digest,
        rules_version=found.rules_version,
        fingerprint=found.fingerprint,
        published_at=found.published_at,
        lines=lines,
        ballots=len(listed.digests),
        not_counted=dict(Counter(one.why for one in listed.not_counted)),
        notes=[one.note for one in await notes],
    )


def _line(one: EntryResult, stop: VisitStop, *, rules: Rules, sheet: list[str], is_tied: bool) -> ResultLine:
    return ResultLine(
        stop_id=stop.id,
        name=stop.name,
        unit_id=stop.unit_id,
        unit=stop.unit.name if stop.unit else "",
        rank=one.rank,
        is_tied=is_tied and one.rank is not None,
        score=one.score,
        parts=[
            Part(
                "、".join(group.name for group in groups_of(step.group, rules)),
                step.weight,
                step.n,
                step.mark,
                step.score,
            )
            for step in one.steps
        ],
        sheet=sheet,
    )
