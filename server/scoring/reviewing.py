"""Joins judges and ballots while the key exists: for the review, the progress, and what counts. Never shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models import Ballot, BallotTrace, ScoreEntry, ScoreJudge
from models.vocabulary import BallotState, SignalKind
from server.scoring.round_keys import tag_of
from server.scoring.signals import identical, straight_lining


@dataclass(frozen=True)
class Given:
    """A submitted ballot with its judge; kept only during one unit of work."""

    judge: ScoreJudge
    ballot: Ballot


async def all_given(round_id: UUID, key: bytes) -> list[Given]:
    """Return every submitted ballot with its judge, in the order of tags, which reveals nothing."""
    judges = await ScoreJudge.filter(round_id=round_id).order_by("id")
    entries = await ScoreEntry.filter(round_id=round_id)
    by_tag = {
        tag_of(key, entry_id=entry.id, judge_id=judge.id): judge for judge in judges for entry in entries
    }
    ballots = await Ballot.filter(round_id=round_id, state=BallotState.SUBMITTED).order_by("tag")
    return [Given(by_tag[ballot.tag], ballot) for ballot in ballots]


async def signals_in(given: list[Given]) -> dict[tuple[UUID, SignalKind], int]:
    """Return what a person should look at, as (judge, kind) with a number and never a score."""
    sheets = _sheets(given)
    found = {(judge, SignalKind.STRAIGHT_LINE): len(sheets[judge]) for judge in straight_lining(sheets)}
    for judge in {judge for pair in identical(sheets) for judge in pair}:
        found[judge, SignalKind.IDENTICAL] = len(sheets[judge])
    traces = {one.tag: one for one in await BallotTrace.filter(tag__in=[one.ballot.tag for one in given])}
    return found | _late(given, traces) | _shared_devices(given, traces)


def _sheets(given: list[Given]) -> dict[UUID, dict[str, dict[str, str]]]:
    sheets: dict[UUID, dict[str, dict[str, str]]] = {}
    for one in given:
        sheets.setdefault(one.judge.id, {})[str(one.ballot.entry_id)] = one.ballot.scores
    return sheets


def _late(given: list[Given], traces: Mapping[str, BallotTrace]) -> dict[tuple[UUID, SignalKind], int]:
    found: dict[tuple[UUID, SignalKind], int] = {}
    for one in given:
        if (trace := traces.get(one.ballot.tag)) and trace.is_late:
            place = one.judge.id, SignalKind.LATE_ARRIVAL
            found[place] = found.get(place, 0) + 1
    return found


def _shared_devices(
    given: list[Given], traces: Mapping[str, BallotTrace]
) -> dict[tuple[UUID, SignalKind], int]:
    users: dict[str, set[UUID]] = {}
    for one in given:
        if (trace := traces.get(one.ballot.tag)) and trace.device_mark:
            users.setdefault(trace.device_mark, set()).add(one.judge.id)
    return {
        (judge, SignalKind.SAME_DEVICE): len(judges)
        for judges in users.values()
        if len(judges) > 1
        for judge in judges
    }
