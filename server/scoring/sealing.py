"""The seal: computes what counts, keeps it without its judges, then destroys the key (decision 0024).

Afterwards ballots and participation share no key, no order, no time and no transaction number.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from tortoise import connections

from models import (
    NamedBallot,
    Participation,
    Recusal,
    RoundAsk,
    ScoreEntry,
    ScoreExclusion,
    ScoreJudge,
    ScoreResult,
    ScoreRound,
    ScoreSignal,
)
from models.vocabulary import RoundState, WhyNotCounted
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.aggregation import Vote, ranking, total_of
from server.scoring.announcing import announce
from server.scoring.counting import Eligibility, why_not
from server.scoring.digests import fingerprint_of
from server.scoring.exporting import AnonymousBallot, Entry, NotCounted, Sealed, export_of, labels_of
from server.scoring.fetching import alone_for, round_run_by
from server.scoring.harshness import spread_of, z_scores
from server.scoring.reviewing import Given, all_given
from server.scoring.round_keys import destroy_key, kept_keys, key_of
from server.scoring.rules import Rules, rules_from
from server.tools import Tools

SEAL = "SELECT seal_round($1, $2::text[], $3::text[], $4::text[], $5::text[]) AS counted"
OVER = (RoundState.SEALED, RoundState.PUBLISHED, RoundState.ANNULLED)


async def seal(round_id: UUID, *, by: Actor, now: datetime, tools: Tools) -> ScoreRound:
    """Seal a locked round permanently. Its fingerprint is to be shown before the first score.

    Repeating it changes nothing. Raises NoSuchThing, WrongRoundStep, RoundKeyLost.
    """
    found = await round_run_by(by, round_id)
    if found.state in (RoundState.SEALED, RoundState.PUBLISHED):
        await destroy_key(round_id, tools=tools)
        return found
    key = await key_of(round_id, tools=tools)
    found = await _seal(round_id, key, by=by, now=now)
    await destroy_key(round_id, tools=tools)
    return found


async def destroy_left_keys(*, tools: Tools) -> int:
    """Destroy keys that a crash left after the seal; return how many."""
    left = 0
    async for round_id in kept_keys(tools=tools):
        if await ScoreRound.filter(id=round_id, state__in=OVER).exists():
            await destroy_key(round_id, tools=tools)
            left += 1
    return left


@unit_of_work
async def _seal(round_id: UUID, key: bytes, *, by: Actor, now: datetime) -> ScoreRound:
    found = await alone_for(round_id, "seal")
    rules = rules_from(found.rules)
    entries = await ScoreEntry.filter(round_id=round_id).order_by("position")
    given = await all_given(round_id, key)
    uncounted = await _uncounted(round_id, given, rules, entries)
    counted = [one for one in given if one.ballot.tag not in uncounted]
    sealed = sealed_of(found, entries, _anonymous(counted, entries, rules), _reasons(given, uncounted))

    await _keep_result(found, counted, sealed, rules)
    await _keep_participation(found, given, uncounted)
    if rules.named:
        await _keep_names(found, given)
    found.sealed_at, found.fingerprint = now, fingerprint_of(export_of(sealed, []))
    await found.save(update_fields=["sealed_at", "fingerprint"])
    await connections.get("default").execute_query_dict(SEAL, [str(round_id), *_columns(sealed)])
    await found.refresh_from_db()
    told = {"fingerprint": found.fingerprint, "counted": len(counted), "not_counted": len(uncounted)}
    await announce(round_id)
    await journal.record("score_round.sealed", found, by=by.person, **told)
    return found


def sealed_of(
    found: ScoreRound,
    entries: Sequence[ScoreEntry],
    ballots: list[AnonymousBallot],
    not_counted: list[NotCounted],
    notes: Sequence[RoundAsk] = (),
) -> Sealed:
    """Return a round in its published form."""
    return Sealed(
        visit={"id": str(found.id), "name": found.name},
        rules=found.rules,
        rule_digest=found.rule_digest,
        entries=[Entry(str(entry.id), entry.name) for entry in entries],
        ballots=ballots,
        not_counted=not_counted,
        notes=[one.note for one in notes],
    )


async def _uncounted(
    round_id: UUID, given: list[Given], rules: Rules, entries: Sequence[ScoreEntry]
) -> dict[str, WhyNotCounted]:
    """Return the reason of each ballot that does not count, by its tag."""
    of_round = {"judge__round_id": round_id}
    eligibility = Eligibility(
        recused={(one.judge_id, one.entry_id) for one in await Recusal.filter(**of_round)},
        excluded={(one.judge_id, one.entry_id) for one in await ScoreExclusion.filter(**of_round)},
        mandatory=[entry.id for entry in entries if entry.is_mandatory],
        excused={one.id for one in await ScoreJudge.filter(round_id=round_id).exclude(exempt_because="")},
        needs_coverage=rules.coverage == "all_mandatory",
    )
    pairs = {(one.judge.id, one.ballot.entry_id): one.ballot.tag for one in given}
    return {pairs[pair]: why for pair, why in why_not(set(pairs), eligibility).items()}


def _votes(given: Sequence[Given]) -> list[Vote]:
    return [Vote(str(one.ballot.entry_id), one.ballot.group, one.ballot.scores) for one in given]


def _anonymous(counted: list[Given], entries: Sequence[ScoreEntry], rules: Rules) -> list[AnonymousBallot]:
    labels = labels_of([str(entry.id) for entry in entries], _votes(counted), rules)
    return [
        AnonymousBallot(
            str(one.ballot.digest),
            str(one.ballot.salt),
            labels[str(one.ballot.entry_id), one.ballot.group],
            str(one.ballot.entry_id),
            one.ballot.scores,
        )
        for one in counted
    ]


def _reasons(given: list[Given], uncounted: dict[str, WhyNotCounted]) -> list[NotCounted]:
    return [
        NotCounted(str(one.ballot.digest), uncounted[one.ballot.tag].label)
        for one in given
        if one.ballot.tag in uncounted
    ]


async def _keep_result(found: ScoreRound, counted: list[Given], sealed: Sealed, rules: Rules) -> None:
    entries = [entry.id for entry in sealed.entries]
    flagged = {one.judge_id for one in await ScoreSignal.filter(judge__round_id=found.id)}
    unflagged = [one for one in counted if one.judge.id not in flagged]
    await ScoreResult.create(
        round=found,
        version=1,
        rows=msgspec.to_builtins(ranking(entries, _votes(counted), rules)),
        without_flagged=msgspec.to_builtins(ranking(entries, _votes(unflagged), rules)),
        harshness=msgspec.to_builtins(spread_of(z_scores(_totals(counted, rules)).values())),
    )


def _totals(counted: list[Given], rules: Rules) -> dict[str, dict[UUID, Decimal]]:
    totals: dict[str, dict[UUID, Decimal]] = {}
    for one in counted:
        totals.setdefault(str(one.ballot.entry_id), {})[one.judge.id] = total_of(one.ballot.scores, rules)
    return totals


async def _keep_participation(
    found: ScoreRound, given: list[Given], uncounted: dict[str, WhyNotCounted]
) -> None:
    """Record participation in one statement, in the order of persons' ids."""
    judges = await ScoreJudge.filter(round_id=found.id).order_by("person_id")
    rows = []
    for judge in judges:
        mine = [one.ballot.tag for one in given if one.judge.id == judge.id]
        without = sum(tag in uncounted for tag in mine)
        rows.append(
            Participation(
                round_id=found.id,
                person_id=judge.person_id,
                counted=len(mine) - without,
                not_counted=without,
            )
        )
    await Participation.bulk_create(rows)


async def _keep_names(found: ScoreRound, given: list[Given]) -> None:
    """Keep the judges' names; called only if the published rules say so."""
    await NamedBallot.bulk_create(
        NamedBallot(round_id=found.id, digest=one.ballot.digest, judge_id=one.judge.id)
        for one in sorted(given, key=lambda one: str(one.ballot.digest))
    )


def _columns(sealed: Sealed) -> list[list[str]]:
    codes = {why.label: why.value for why in WhyNotCounted}
    return [
        [one.digest for one in sealed.ballots],
        [one.group for one in sealed.ballots],
        [one.digest for one in sealed.not_counted],
        [codes[one.why] for one in sealed.not_counted],
    ]
