"""Publishes results once, and reads them; before publication nobody can read a result."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from tortoise import connections

from models import (
    NamedBallot,
    NotCounted,
    RoundAsk,
    ScoreEntry,
    ScoreResult,
    ScoreRound,
    SealedBallot,
    SealedComment,
)
from models.vocabulary import RoundState
from server import journal
from server.kernel.clock import SHANGHAI
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.aggregation import EntryResult
from server.scoring.announcing import announce
from server.scoring.exporting import AnonymousBallot, Sealed, as_votes, export_of, with_earlier
from server.scoring.exporting import NotCounted as NotCountedLine
from server.scoring.fetching import alone_with, round_run_by, round_seen_by
from server.scoring.harshness import Harshness
from server.scoring.revealing import RevealStep, reveal_script
from server.scoring.rules import Rules, rules_from
from server.scoring.score_sheets import score_sheet
from server.scoring.sealing import sealed_of
from server.scoring.states import MACHINE

FEED = """
INSERT INTO assessment_feed (id, round_id, year, fed_at) VALUES (gen_random_uuid(), $1, $2, $3)
ON CONFLICT (round_id) DO NOTHING
"""


class Review(Struct, frozen=True):
    """Additional information for the office: the result without flagged ballots, and how judges spread."""

    without_flagged: list[EntryResult]
    harshness: Harshness


class DigestList(Struct, frozen=True):
    """What is shown from the seal on, before any score: judges find their ballots in it, and nothing can change."""

    fingerprint: str
    digests: list[str]
    not_counted: list[NotCountedLine]


class Computed(Struct, frozen=True, kw_only=True):
    """A version of the result, and the rules under which it was computed."""

    version: int
    rules: dict[str, Any]
    rule_digest: str
    entries: list[EntryResult]


@unit_of_work
async def publish_result(round_id: UUID, *, by: Actor, now: datetime) -> ScoreRound:
    """Publish a sealed result and add it to the year-end assessment; repeating it changes nothing."""
    await round_run_by(by, round_id)
    found = await alone_with(round_id, RoundState.SEALED, RoundState.PUBLISHED)
    if found.state is RoundState.PUBLISHED:
        return found
    MACHINE.take(found, "publish")
    found.published_at = now
    await found.save(update_fields=["state", "published_at"])
    year = found.locked_at.astimezone(SHANGHAI).year if found.locked_at else now.astimezone(SHANGHAI).year
    await connections.get("default").execute_query(FEED, [str(round_id), year, now])
    await announce(round_id)
    await journal.record("score_round.published", found, by=by.person, fingerprint=found.fingerprint)
    return found


async def sealed_digests(round_id: UUID) -> DigestList:
    """Return the digest list of a sealed round; raises NoSuchThing before the seal."""
    found = await ScoreRound.get_or_none(id=round_id, state__in=(RoundState.SEALED, RoundState.PUBLISHED))
    if found is None:
        raise NoSuchThing
    sealed = await sealed_round(found)
    return DigestList(found.fingerprint, [one.digest for one in sealed.ballots], sealed.not_counted)


async def published_result(round_id: UUID) -> list[EntryResult]:
    """Return the public ranking; raises NoSuchThing before publication. The caller checks the reader's permission."""
    return (await published_versions(round_id))[0].entries


async def published_versions(round_id: UUID) -> list[Computed]:
    """Return the result in force, then those before corrections, down to that of the seal; raises NoSuchThing."""
    found = await _published(round_id)
    kept = await ScoreResult.filter(round_id=found.id).order_by("-version")
    return [_computed(one, found) for one in kept]


async def published_export(round_id: UUID) -> dict[str, Any]:
    """Return the export that scripts/verify-result reads; raises NoSuchThing before publication."""
    sealed = await sealed_round(await _published(round_id))
    versions = await published_versions(round_id)
    under = [replace(sealed, rules=one.rules, rule_digest=one.rule_digest) for one in versions]
    return with_earlier(
        [export_of(one, computed.entries) for one, computed in zip(under, versions, strict=True)]
    )


async def published_sheet(round_id: UUID, entry_id: UUID) -> list[str]:
    """Return the sentences of one entry's 计分单; raises NoSuchThing before publication."""
    sheets = await published_sheets(round_id)
    if str(entry_id) not in sheets:
        raise NoSuchThing
    return sheets[str(entry_id)]


async def published_sheets(round_id: UUID) -> dict[str, list[str]]:
    """Return the sentences of every entry's 计分单, by the entry's id; raises NoSuchThing before publication."""
    found = await _published(round_id)
    computed = _computed(await newest_result(found), found)
    votes, rules = as_votes((await sealed_round(found)).ballots), rules_from(computed.rules)
    return {one.entry: score_sheet(one, votes, rules) for one in computed.entries}


async def published_comments(round_id: UUID, entry_id: UUID) -> list[str]:
    """Return what judges wrote about an entry, in random order; empty if fewer than three scored it."""
    await _published(round_id)
    entry = await ScoreEntry.get_or_none(id=entry_id, round_id=round_id)
    if entry is None:
        raise NoSuchThing
    return [one.text for one in await SealedComment.filter(entry_id=entry.id).order_by("id")]


async def names_of(round_id: UUID, *, by: Actor) -> dict[str, UUID]:
    """Return the person behind each digest of a published named round, for the office; empty for other rounds."""
    await round_seen_by(by, round_id)
    found = await _published(round_id)
    rows = await NamedBallot.filter(round_id=found.id).select_related("judge")
    return {row.digest: row.judge.person_id for row in rows}


async def script_of(round_id: UUID, *, by: Actor) -> list[RevealStep]:
    """Return the steps of the reveal, for the host of a sealed round; raises NoSuchThing before the seal."""
    found = await round_run_by(by, round_id)
    return await sealed_script(found.id)


async def sealed_script(round_id: UUID) -> list[RevealStep]:
    """Return the steps of the reveal, for the hall's board, which shows only those that the host has revealed.

    Raises NoSuchThing before the seal.
    """
    found = await ScoreRound.get_or_none(id=round_id, state__in=(RoundState.SEALED, RoundState.PUBLISHED))
    if found is None:
        raise NoSuchThing
    return reveal_script(_computed(await newest_result(found), found).entries)


async def review_of(round_id: UUID, *, by: Actor) -> Review:
    """Return the sensitivity report for the office, as it was at the seal; raises NoSuchThing before it."""
    found = await round_seen_by(by, round_id)
    kept = await ScoreResult.get_or_none(round_id=found.id, version=1)
    if kept is None:
        raise NoSuchThing
    return Review(
        msgspec.convert(kept.without_flagged, list[EntryResult]), msgspec.convert(kept.harshness, Harshness)
    )


async def sealed_round(found: ScoreRound) -> Sealed:
    """Return all that remains of a round's ballots."""
    entries = await ScoreEntry.filter(round_id=found.id).order_by("position")
    ballots = await SealedBallot.filter(round_id=found.id).order_by("digest")
    others = await NotCounted.filter(round_id=found.id).order_by("digest")
    notes = await RoundAsk.filter(round_id=found.id, confirmed_at__not_isnull=True).order_by("asked_at")
    return sealed_of(
        found,
        entries,
        [AnonymousBallot(one.digest, one.salt, one.cell, str(one.entry_id), one.scores) for one in ballots],
        [NotCountedLine(one.digest, one.why.label) for one in others],
        notes,
    )


async def _published(round_id: UUID) -> ScoreRound:
    found = await ScoreRound.get_or_none(id=round_id, state=RoundState.PUBLISHED)
    if found is None:
        raise NoSuchThing
    return found


async def newest_result(found: ScoreRound) -> ScoreResult:
    """Return the version of a round's result that is in force; raises NoSuchThing before the seal."""
    kept = await ScoreResult.filter(round_id=found.id).order_by("-version").first()
    if kept is None:
        raise NoSuchThing
    return kept


def rules_under(kept: ScoreResult, found: ScoreRound) -> Rules:
    """Return the rules under which a version of the result was computed."""
    return rules_from(_computed(kept, found).rules)


def _computed(kept: ScoreResult, found: ScoreRound) -> Computed:
    return Computed(
        version=kept.version,
        rules=kept.rules or found.rules,
        rule_digest=kept.rule_digest or found.rule_digest,
        entries=msgspec.convert(kept.rows, list[EntryResult]),
    )
