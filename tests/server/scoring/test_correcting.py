"""A mistyped rule found after the seal: two persons recompute the same ballots, and the old result stays."""

import copy
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec
import pytest

from models import AssessmentFeed, ScoreResult, ScoreRound
from models.vocabulary import Role, RoundAskKind
from server import people, scoring
from server.kernel.refusal import NoSuchThing
from server.scoring import Criterion, Group, recomputed
from server.scoring.correcting import differences, faults_of_correction
from server.scoring.refusals import (
    AskAnswered,
    BadRules,
    NoReason,
    NotCorrectable,
    NotImpartial,
    SecondPersonNeeded,
    WrongRoundStep,
)
from server.scoring.results import sealed_round
from server.scoring.rules import MEDIAN, Scale
from tests.server.scoring.test_verify_result import verdict

SWAPPED = [Criterion("c1", "成效", Decimal(40)), Criterion("c2", "创新", Decimal(60))]


@dataclass
class Correcting:
    """A sealed round whose weights of the two criteria were typed the wrong way round."""

    cast: Any

    @property
    def corrected(self):
        return self.cast.rules(criteria=SWAPPED)

    async def ask(self, rules=None, *, by=None, note="两项权重写反了"):
        told = {"note": note, "by": by or self.cast.luo, "now": self.cast.now}
        return await scoring.ask_correction(self.cast.round_id, rules or self.corrected, **told)

    async def confirm(self, asked, *, by=None):
        return await scoring.confirm(self.cast.round_id, asked.id, by=by or self.cast.chen, now=self.cast.now)

    async def export(self):
        return json.loads(json.dumps(await scoring.published_export(self.cast.round_id)))


@pytest.fixture
async def sealed(cast):
    await cast.open()
    await cast.score_all()
    await cast.lock()
    await cast.seal()
    return Correcting(cast)


async def test_two_persons_correct_a_weight_and_both_results_are_published_and_verified(sealed, tmp_path):
    cast = sealed.cast
    before = await ScoreResult.get(round_id=cast.round_id)
    asked = await sealed.ask()
    assert await scoring.changes_asked(asked) == [
        "评分项“成效”的权重由60改为40",
        "评分项“创新”的权重由40改为60",
    ]
    assert await ScoreResult.all().count() == 1
    with pytest.raises(SecondPersonNeeded):
        await sealed.confirm(asked, by=cast.luo)
    await sealed.confirm(asked)
    await cast.publish()

    newest, first = await scoring.published_versions(cast.round_id)
    assert msgspec.to_builtins(first.entries) == before.rows
    assert newest.entries != first.entries
    assert await scoring.published_result(cast.round_id) == newest.entries
    found = await ScoreRound.get(id=cast.round_id)
    kept = await sealed_round(found)
    assert newest.entries == recomputed(msgspec.structs.replace(kept, rules=newest.rules))

    export = await sealed.export()
    assert export["notes"] == ["两项权重写反了"]
    assert export["earlier"][0]["rule_digest"] == found.rule_digest != export["rule_digest"]
    code, words = verdict(export, tmp_path)
    assert (code, found.fingerprint in words) == (0, True), words
    sheet = await scoring.published_sheet(cast.round_id, cast.entries[0].id)
    assert newest.entries[0].score in sheet[-1]
    assert await AssessmentFeed.all().count() == 1


async def test_a_published_result_is_corrected_again_and_every_version_stays(sealed, tmp_path):
    await sealed.cast.publish()
    await sealed.confirm(await sealed.ask())
    groups = [Group("experts", "专家组", Decimal(50)), Group("deputies", "代表组", Decimal(50))]
    again = sealed.cast.rules(criteria=SWAPPED, groups=groups, table=MEDIAN)
    await sealed.confirm(await sealed.ask(again, note="组的权重也写错了"))
    export = await sealed.export()
    assert [len(export["earlier"]), export["notes"]] == [2, ["两项权重写反了", "组的权重也写错了"]]
    assert verdict(export, tmp_path)[0] == 0
    assert await AssessmentFeed.all().count() == 1
    review = await scoring.review_of(sealed.cast.round_id, by=sealed.cast.chen)
    assert len(review.without_flagged) == 3


def a_weight_of_before(export):
    export["earlier"][0]["rules"]["criteria"][0]["weight"] = "50"


def a_score_of_before(export):
    export["earlier"][0]["result"][0]["score"] = "99.99"


def the_score_in_force(export):
    export["result"][0]["score"] = "99.99"


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (a_weight_of_before, "更正前的结果（1）：规则摘要"),
        (a_score_of_before, "更正前的结果（1）："),
        (the_score_in_force, "不一致："),
    ],
)
async def test_whoever_changes_a_version_of_a_corrected_result_is_found(sealed, tmp_path, tamper, words):
    await sealed.confirm(await sealed.ask())
    await sealed.cast.publish()
    export = copy.deepcopy(await sealed.export())
    tamper(export)
    code, said = verdict(export, tmp_path)
    assert (code, words in said) == (1, True), said


async def test_what_ballots_were_written_under_is_not_corrected(sealed):
    rules = sealed.cast.rules
    for wrong, words in (
        (rules(), "和现在的一样"),
        (rules(criteria=[Criterion("c1", "成效", Decimal(100))]), "评分项和评审组不能增加"),
        (rules(criteria=SWAPPED, scale=Scale(high=Decimal(120))), "分值范围"),
        (rules(criteria=SWAPPED, merge_below=4), "小组合并"),
        (rules(criteria=SWAPPED, named=True), "实名"),
        (rules(criteria=SWAPPED, coverage="none"), "全程参加"),
    ):
        with pytest.raises(NotCorrectable, match=words):
            await sealed.ask(wrong)
    with pytest.raises(BadRules):
        await sealed.ask(rules(criteria=[SWAPPED[0], Criterion("c2", "创新", Decimal(59))]))
    told = {"note": "没有规则", "by": sealed.cast.luo, "now": sealed.cast.now}
    with pytest.raises(NotCorrectable):
        await scoring.ask(sealed.cast.round_id, RoundAskKind.RECOMPUTE, **told)
    with pytest.raises(NoReason):
        await sealed.ask(note=" ")


async def test_judges_correct_nothing_and_a_request_from_before_another_correction_is_over(sealed):
    await give_desk(sealed.cast.people[0], sealed.cast)
    judging = await sealed.cast.actor(sealed.cast.people[0])
    with pytest.raises(NotImpartial):
        await sealed.ask(by=judging)
    first, second = await sealed.ask(), await sealed.ask()
    await sealed.confirm(first)
    for over in (first, second):
        with pytest.raises(AskAnswered):
            await sealed.confirm(over, by=sealed.cast.sun)
    assert await ScoreResult.all().count() == 2


async def give_desk(person, cast):
    await people.give_duty(
        person, role=Role.OFFICE_STAFF, organisation=cast.office.root, by=None, now=cast.now
    )


async def test_an_unsealed_or_annulled_round_is_not_recomputed(cast):
    await cast.open()
    correcting = Correcting(cast)
    for step in (cast.lock, None):
        with pytest.raises(WrongRoundStep):
            await correcting.ask()
        if step:
            await step()
    with pytest.raises(NoSuchThing):
        await scoring.rules_in_force(cast.round_id, by=cast.luo)


async def test_not_even_the_owner_adds_a_result_that_nobody_agreed_on(sealed, database_url):
    asked = await sealed.ask()
    owner = await asyncpg.connect(database_url)
    insert = """INSERT INTO score_result (id, round_id, version, rows, without_flagged, harshness, rules, rule_digest)
        SELECT gen_random_uuid(), round_id, $2, rows, '[]', harshness, $3::jsonb, repeat('a', 64)
        FROM score_result WHERE round_id = $1 AND version = 1"""
    kept = json.dumps(asked.rules)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):  # asked, not confirmed
            await owner.execute(insert, sealed.cast.round_id, 2, kept)
        await sealed.confirm(asked)
        for version in (1, 2, 3, 4):  # 2 is the one agreed on, and is there
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UniqueViolationError)):
                await owner.execute(insert, sealed.cast.round_id, version, kept)
    finally:
        await owner.close()


def test_a_correction_is_told_in_sentences(cast):
    before = cast.rules()
    after = cast.rules(
        criteria=[Criterion("c1", "改革成效", Decimal(60)), Criterion("c2", "创新", Decimal(40))],
        table=MEDIAN,
        empty_group="no_score",
    )
    assert faults_of_correction(before, after) == []
    told = differences(before, after)
    assert told[0] == "评分项“成效”改名为“改革成效”"
    assert len(told) == 3
