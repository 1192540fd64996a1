"""A judge scores: drafts, submissions and corrections, from two phones, late, offline; nobody else can."""

import asyncio
from datetime import timedelta

import pytest

from models import Ballot, JournalEntry
from models.vocabulary import BallotState as B
from models.vocabulary import RecusalKind, Role
from server import scoring
from server.kernel.refusal import NoSuchThing
from server.people.duties import NotAllowed
from server.scoring import SaveBallot
from server.scoring.digests import ballot_digest
from server.scoring.refusals import (
    AlreadySubmitted,
    BadScores,
    CommentMissing,
    Locked,
    NoReason,
    NotAJudge,
    OutsideWindow,
    PhoneClockAhead,
    RulesInUse,
    ScoresMissing,
    SelfRecused,
    UnknownGroup,
    VersionBehind,
)
from tests.server.scoring.conftest import SCORES

OTHER = {"c1": "70.0", "c2": "80.0"}


async def test_a_draft_grows_is_submitted_and_corrected_and_stays_one_ballot(cast):
    await cast.open()
    first = await cast.save(0, 0, {"c1": "90"}, state=B.DRAFT)
    assert (first.version, first.scores, first.digest) == (1, {"c1": "90.0"}, None)
    submitted = await cast.save(0, 0, base=1, nonce="ab" * 16)
    assert submitted.digest == ballot_digest(
        round_id=str(cast.round_id), entry=str(cast.entries[0].id), salt=submitted.salt, scores=SCORES
    )
    corrected = await cast.save(0, 0, OTHER, base=2)
    assert (corrected.version, corrected.scores) == (3, OTHER)
    assert corrected.digest != submitted.digest
    assert await Ballot.filter(round_id=cast.round_id).count() == 1


async def test_the_same_content_again_is_the_same_ballot_whatever_version_it_was_made_from(cast):
    await cast.open()
    first = await cast.save(0, 0)
    assert await cast.save(0, 0) == first
    assert await cast.save(0, 0, base=7) == first


async def test_a_second_phone_that_is_behind_is_told_the_present_ballot_and_nothing_is_lost(cast):
    await cast.open()
    await cast.save(0, 0)
    await cast.save(0, 0, OTHER, base=1)
    with pytest.raises(VersionBehind) as behind:
        await cast.save(0, 0, {"c1": "60.0", "c2": "80.0"}, base=1)
    assert behind.value.extra["ballot"].scores == OTHER
    with pytest.raises(VersionBehind):
        await cast.save(1, 0, base=3)  # of a ballot that never existed


async def test_of_two_phones_at_once_one_is_first_and_the_other_is_told(cast):
    await cast.open()
    tried = [cast.save(0, 0, {"c1": f"{80 + n}.0", "c2": "80.0"}) for n in range(6)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(one, VersionBehind) for one in answers) == 5
    assert await Ballot.filter(round_id=cast.round_id).count() == 1


async def test_a_submission_does_not_become_a_draft_again(cast):
    await cast.open()
    await cast.save(0, 0)
    with pytest.raises(AlreadySubmitted):
        await cast.save(0, 0, {"c1": "70.0"}, state=B.DRAFT, base=1)


async def test_what_the_rubric_does_not_allow_is_refused_by_name(cast):
    await cast.open()
    for scores, refusal in (
        ({"c1": "90"}, ScoresMissing),
        ({"c1": "90", "c2": "100.5"}, BadScores),
        ({"c1": "90", "c9": "1"}, BadScores),
        ({"c1": "90", "c2": "59.5"}, CommentMissing),
    ):
        with pytest.raises(refusal):
            await cast.save(0, 0, scores)
    assert (await cast.save(0, 0, {"c1": "90", "c2": "59.5"}, comment="少一个章")).comment == "少一个章"


async def test_equal_scores_of_two_judges_have_different_digests(cast):
    await cast.open()
    assert (await cast.save(0, 0)).digest != (await cast.save(1, 0)).digest


async def test_a_ballot_counts_by_the_time_its_phone_claims_until_a_day_after_the_window(cast):
    await cast.open()
    opens, closes = cast.entries[0].opens_at, cast.entries[0].closes_at
    moment = timedelta(seconds=1)
    for claimed in (opens - moment, closes + moment):
        cast.office.watch.ahead = timedelta(hours=2)
        with pytest.raises(OutsideWindow):
            await cast.save(0, 0, claimed_at=claimed)
    await cast.save(0, 0, claimed_at=opens)
    await cast.save(1, 0, claimed_at=closes)
    cast.office.watch.ahead = timedelta(hours=1) + timedelta(hours=23, minutes=59)
    await cast.save(2, 0, claimed_at=closes)
    cast.office.watch.ahead = timedelta(hours=1) + timedelta(hours=24, minutes=1)
    with pytest.raises(OutsideWindow):
        await cast.save(3, 0, claimed_at=closes)


async def test_a_phone_whose_clock_is_ahead_is_told_so(cast):
    await cast.open()
    await cast.save(0, 0, claimed_at=cast.now + timedelta(seconds=100))
    with pytest.raises(PhoneClockAhead):
        await cast.save(1, 0, claimed_at=cast.now + timedelta(seconds=140))


async def test_nobody_else_scores_and_nobody_scores_another_round_or_entry(cast):
    await cast.open()
    stranger = await cast.actor(await cast.office.enrol("别人", Role.REFORM_OBSERVER))
    command = SaveBallot(scores=SCORES, state=B.DRAFT, base_version=0, claimed_at=cast.now)
    told = {"now": cast.now, "tools": cast.tools}
    with pytest.raises(NoSuchThing):
        await scoring.save_ballot(cast.round_id, cast.entries[0].id, command, by=stranger, **told)
    with pytest.raises(NoSuchThing):
        await scoring.save_ballot(cast.round_id, cast.round_id, command, by=cast.judges[0], **told)
    with pytest.raises(NotAllowed):
        await scoring.save_ballot(cast.round_id, cast.entries[0].id, command, by=cast.luo, **told)


async def test_a_judge_of_the_scored_unit_is_recused_by_itself_and_others_by_declaring(cast):
    await cast.open()
    own = await cast.office.enrol("住建局的评委", Role.REFORM_OBSERVER, organisation=cast.office.bureau)
    cast.people.append(own)
    cast.judges.append(await cast.actor(own))
    await cast.assign(own)
    with pytest.raises(SelfRecused):
        await cast.save(5, 1)
    await cast.save(5, 0)
    with pytest.raises(NoReason):
        await scoring.declare_conflict(
            cast.round_id, entry_id=cast.entries[2].id, reason=" ", by=cast.judges[5]
        )
    for _ in range(2):
        recusal = await scoring.declare_conflict(
            cast.round_id, entry_id=cast.entries[2].id, reason="亲属在场", by=cast.judges[5]
        )
    assert recusal.kind is RecusalKind.DECLARED
    with pytest.raises(SelfRecused):
        await cast.save(5, 2)
    mine = await cast.own(5)
    assert (len(mine.ballots), set(mine.recused), mine.missing) == (
        1,
        {one.id for one in cast.entries[1:]},
        [],
    )


async def test_a_judge_sees_what_is_left_and_only_his_own_ballots(cast):
    await cast.open()
    await cast.save(0, 1)
    await cast.save(0, 2, {"c1": "1"}, state=B.DRAFT)
    await cast.save(1, 0)
    mine = await cast.own(0)
    assert [one.entry for one in mine.ballots] == [cast.entries[1].id, cast.entries[2].id]
    assert mine.missing == [cast.entries[0].id, cast.entries[2].id]


async def test_after_the_lock_a_ballot_is_refused_in_clear_words(cast):
    await cast.open()
    await cast.save(0, 0)
    await cast.lock()
    with pytest.raises(Locked):
        await cast.save(0, 0, OTHER, base=1)
    assert (await cast.own(0)).ballots[0].scores == SCORES


async def test_a_ballot_leaves_no_line_in_the_journal(cast):
    await cast.open()
    before = await JournalEntry.all().count()
    await cast.save(0, 0)
    assert await JournalEntry.all().count() == before


async def test_who_has_no_duty_to_score_is_no_judge_and_a_group_is_one_of_the_rules(cast):
    await cast.open()
    with pytest.raises(NotAJudge):
        await cast.assign(await cast.office.enrol("科员", Role.OFFICE_STAFF))
    with pytest.raises(UnknownGroup):
        await cast.assign(await cast.office.enrol("观察员", Role.REFORM_OBSERVER), group="nobody")
    with pytest.raises(UnknownGroup):
        await cast.assign(cast.people[0], group="deputies")
    assert (await cast.assign(cast.people[0])).id == (await cast.judge(0)).id


async def test_rules_change_for_a_reason_until_the_first_ballot(cast):
    await cast.open()
    told = {"rules": cast.rules(merge_below=0), "by": cast.luo}
    with pytest.raises(NoReason):
        await scoring.change_rules(cast.round_id, reason="", **told)
    changed = await scoring.change_rules(cast.round_id, reason="写错了", **told)
    assert changed.rules_version == 2
    await cast.save(0, 0, {"c1": "90"}, state=B.DRAFT)
    with pytest.raises(RulesInUse):
        await scoring.change_rules(cast.round_id, reason="又写错了", **told)


async def test_another_office_finds_no_round(cast):
    await cast.open()
    stranger = await cast.county()
    for tried in (
        cast.lock(by=stranger),
        scoring.before_lock(cast.round_id, by=stranger),
        scoring.signals_of(cast.round_id, by=stranger),
        scoring.assign_judge(
            cast.round_id, person_id=cast.people[0].id, group="experts", by=stranger, now=cast.now
        ),
        scoring.publish_rules(cast.new_round(), by=stranger, tools=cast.tools),
    ):
        with pytest.raises(NoSuchThing):
            await tried
