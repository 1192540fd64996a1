"""Recomputes a sealed result under a corrected rule: by two persons, with a public note; the old result stays.

No ballot can change after the seal, so only what is computed from ballots can be corrected.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from models import RoundAsk, ScoreResult, ScoreRound
from models.vocabulary import RoundAskKind
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.aggregation import ranking
from server.scoring.exporting import as_votes
from server.scoring.fetching import alone_for, round_run_by
from server.scoring.impartiality import check_impartial
from server.scoring.refusals import NoReason, NotCorrectable
from server.scoring.results import newest_result, rules_under, sealed_round
from server.scoring.rules import Criterion, Group, Rules, rules_from, snapshot_of


@unit_of_work
async def ask_correction(round_id: UUID, rules: Rules, *, note: str, by: Actor, now: datetime) -> RoundAsk:
    """Request that a sealed result is recomputed under corrected rules; the note is published, another confirms.

    Raises NoReason, NotImpartial, WrongRoundStep, BadRules, NotCorrectable.
    """
    await round_run_by(by, round_id)
    if not note.strip():
        raise NoReason
    found = await alone_for(round_id, RoundAskKind.RECOMPUTE)
    await check_impartial(found, by, now=now)
    kept, digest = snapshot_of(rules)
    in_force = rules_under(await newest_result(found), found)
    if faults := faults_of_correction(in_force, rules):
        raise NotCorrectable("不能更正：" + "；".join(faults) + "。", faults=faults)
    kind = RoundAskKind.RECOMPUTE
    asked = await RoundAsk.create(
        id=uuid4(), round=found, kind=kind, note=note, rules=kept, asked_by=by.person, asked_at=now
    )
    told = {"ask": asked.id, "kind": kind, "what": kind.label, "note": note, "digest": digest}
    await journal.record("score_round.asked", found, by=by.person, **told)
    return asked


async def rules_in_force(round_id: UUID, *, by: Actor) -> Rules:
    """Return the rules of a sealed round's newest result, for its organiser; raises NoSuchThing before the seal."""
    found = await round_run_by(by, round_id)
    return rules_under(await newest_result(found), found)


async def recompute(found: ScoreRound, asked: RoundAsk) -> ScoreResult:
    """Keep the next version of a sealed round's result, from the same ballots under the confirmed rules."""
    before = await newest_result(found)
    kept, digest = snapshot_of(rules_from(asked.rules or {}))
    sealed = await sealed_round(found)
    entries = [one.id for one in sealed.entries]
    return await ScoreResult.create(
        round=found,
        version=before.version + 1,
        rows=msgspec.to_builtins(ranking(entries, as_votes(sealed.ballots), rules_from(kept))),
        without_flagged=[],  # whose ballots were flagged, nobody knows after the seal
        harshness=before.harshness,
        rules=kept,
        rule_digest=digest,
    )


async def changes_asked(asked: RoundAsk) -> list[str]:
    """Return what a requested correction changes in the rules in force, one sentence each."""
    found = await ScoreRound.get(id=asked.round_id)
    return differences(rules_under(await newest_result(found), found), rules_from(asked.rules or {}))


def faults_of_correction(before: Rules, after: Rules) -> list[str]:
    """Return why sealed ballots can't be counted under other rules; empty if they can. Pure."""
    faults = []
    if _ids(before.criteria) != _ids(after.criteria) or _ids(before.groups) != _ids(after.groups):
        faults.append("评分项和评审组不能增加、减少或换位置，评分表是按原来的填的")
    if before.scale != after.scale:
        faults.append("分值范围和间隔不能改，评分表是按原来的填的")
    if before.merge_below != after.merge_below:
        faults.append("小组合并的人数不能改，评分表已按原来的合并")
    if (before.coverage, before.named) != (after.coverage, after.named):
        faults.append("全程参加和实名的规则不能改，密封时已按原来的执行")
    if not faults and not differences(before, after):
        faults.append("规则和现在的一样，不用重新计算")
    return faults


def differences(before: Rules, after: Rules) -> list[str]:
    """Return what a correction changes, one sentence each, for the person who confirms it. Pure."""
    told = [
        *_renamed_or_reweighed("评分项", before.criteria, after.criteria),
        *_renamed_or_reweighed("评审组", before.groups, after.groups),
    ]
    if before.table != after.table:
        told.append("汇总方法改变（去掉最高最低分、平均或中位数，以及评分表很少时的规则）")
    if before.empty_group != after.empty_group:
        told.append("有的组没有评分表时怎样计算改变")
    return told


def _ids(rows: Sequence[Criterion | Group]) -> list[str]:
    return [one.id for one in rows]


def _renamed_or_reweighed(
    what: str, before: Sequence[Criterion | Group], after: Sequence[Criterion | Group]
) -> list[str]:
    told = []
    for old, new in zip(before, after, strict=False):
        if old.name != new.name:
            told.append(f"{what}“{old.name}”改名为“{new.name}”")
        if old.weight != new.weight:
            told.append(f"{what}“{new.name}”的权重由{old.weight}改为{new.weight}")
    return told
