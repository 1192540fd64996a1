"""The published result of a visit as people read it: ranking, every step of the arithmetic, how to recompute it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from models import RoundAsk, ScoreRound, SiteVisit, VisitStop
from server import scoring
from server.scoring import Computed, EntryResult, Rules
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
        return place_words(self.rank, is_tied=self.is_tied)


class EarlierLine(Struct, frozen=True):
    """A stop's place and score under the rules before a correction."""

    name: str
    place: str
    score: str | None


class Earlier(Struct, frozen=True):
    """The result before a correction of the rules; it stays published."""

    rule_digest: str
    lines: list[EarlierLine]


class VisitResult(Struct, frozen=True, kw_only=True):
    """A published result; stops without a score come last, ties in the order of the route.

    `earlier` are the results before corrections of the rules, newest first.
    """

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
    notes: list[str]  # of unlocks and corrections, in their order
    earlier: list[Earlier]


async def published_visit_result(visit: SiteVisit) -> VisitResult:
    """Return the result of a visit that the caller may read; raises NoSuchThing before publication."""
    newest, *before = await scoring.published_versions(visit.id)
    found = await ScoreRound.get(id=visit.id)
    sheets, listed = await scoring.published_sheets(visit.id), await scoring.sealed_digests(visit.id)
    stops = {str(one.id): one for one in await stops_of(visit.id)}
    notes = RoundAsk.filter(round_id=visit.id, confirmed_at__not_isnull=True).order_by("asked_at")
    await visit.fetch_related("organisation")
    rules = rules_from(newest.rules)
    ranks = Counter(one.rank for one in newest.entries)
    lines = [
        _line(one, stops[one.entry], rules=rules, sheet=sheets[one.entry], is_tied=ranks[one.rank] > 1)
        for one in _in_order(newest.entries)
    ]
    return VisitResult(
        title=visit.title,
        held_on=visit.held_on,
        organisation=visit.organisation.name,
        rules=rules,
        rule_digest=newest.rule_digest,
        rules_version=found.rules_version + len(before),
        fingerprint=found.fingerprint,
        published_at=found.published_at,
        lines=lines,
        ballots=len(listed.digests),
        not_counted=dict(Counter(one.why for one in listed.not_counted)),
        notes=[one.note for one in await notes],
        earlier=[_earlier(one, stops) for one in before],
    )


def _in_order(entries: list[EntryResult]) -> list[EntryResult]:
    return sorted(entries, key=lambda one: (one.rank is None, one.rank or 0))


def _earlier(computed: Computed, stops: Mapping[str, VisitStop]) -> Earlier:
    ranks = Counter(one.rank for one in computed.entries)
    return Earlier(
        computed.rule_digest,
        [
            EarlierLine(stops[one.entry].name, place_words(one.rank, is_tied=ranks[one.rank] > 1), one.score)
            for one in _in_order(computed.entries)
        ],
    )


def place_words(rank: int | None, *, is_tied: bool) -> str:
    """Return a place as people say it."""
    if rank is None:
        return "没有得分"
    return f"并列第{rank}名" if is_tied else f"第{rank}名"


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
