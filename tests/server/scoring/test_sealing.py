"""Lock, unlock by two, seal, publish: what is counted, what can still change, and what nobody can join any more."""

import asyncio
import json
from datetime import timedelta

import asyncpg
import pytest
from tortoise import connections
from tortoise.exceptions import OperationalError

from models import (
    AssessmentFeed,
    Ballot,
    BallotTrace,
    JournalEntry,
    NotCounted,
    Participation,
    ScoreRound,
    ScoreSignal,
    SealedBallot,
)
from models.vocabulary import (
    BallotState,
    RecusalKind,
    Role,
    RoundAskKind,
    RoundState,
    SignalKind,
    WhyNotCounted,
)
from server import people, scoring
from server.kernel.refusal import NoSuchThing
from server.scoring import SaveBallot, round_keys
from server.scoring.publishing_rules import GRACE
from server.scoring.refusals import (
    AskAnswered,
    Locked,
    NoReason,
    NotImpartial,
    OutsideWindow,
    RoundKeyLost,
    SecondPersonNeeded,
    WrongRoundStep,
)
from server.verifying import verify
from tests.server.scoring.conftest import SCORES
from tests.server.scoring.test_verify_result import verdict


@pytest.fixture
async def owner(database_url):
    line = await asyncpg.connect(database_url)
    yield line
    await line.close()


async def test_from_the_first_score_to_a_published_result_that_anybody_recomputes(
    cast, tmp_path, database_url
):
    await cast.open()
    receipts = await cast.score_all()
    await cast.lock()
    sealed = await cast.seal()
    for tried in (scoring.published_result(cast.round_id), scoring.published_export(cast.round_id)):
        with pytest.raises(NoSuchThing):
            await tried
    await cast.publish()

    export = json.loads(json.dumps(await scoring.published_export(cast.round_id)))
    code, words = verdict(export, tmp_path)
    assert (code, sealed.fingerprint in words) == (0, True), words
    assert set(export["digests"]) == {one.digest for own in receipts for one in own}
    assert [one.rank for one in await scoring.published_result(cast.round_id)] == [3, 2, 1]
    sheet = await scoring.published_sheet(cast.round_id, cast.entries[0].id)
    assert sheet[-1].startswith("综合得分：")
    mine = await cast.own(0)
    assert (mine.counted, mine.not_counted, mine.ballots) == (3, 0, [])
    assert (await verify(database_url)).faults == []


async def test_progress_is_counts_for_the_hall_and_names_for_the_office_until_the_seal(cast):
    await cast.open()
    await cast.save(0, 0)
    await cast.save(1, 0, {"c1": "90"}, state=BallotState.DRAFT)
    told = {"by": cast.chen, "reason": "核查", "kind": RecusalKind.OWN_TASK}
    await scoring.recuse(
        cast.round_id, judge_id=(await cast.judge(4)).id, entry_id=cast.entries[0].id, **told
    )
    counts = [(one.submitted, one.expected) for one in await scoring.progress_by_entry(cast.round_id)]
    assert counts == [(1, 4), (0, 5), (0, 5)]
    by_judge = await scoring.progress_by_judge(cast.round_id, by=cast.chen, tools=cast.tools)
    found = {one.person: (one.done, one.of) for one in by_judge}
    assert [found[person.id] for person in cast.people] == [(1, 3), (0, 3), (0, 3), (0, 3), (0, 2)]
    await cast.lock()
    with pytest.raises(NoSuchThing):
        await scoring.sealed_digests(cast.round_id)
    sealed = await cast.seal()
    with pytest.raises(WrongRoundStep):
        await scoring.progress_by_judge(cast.round_id, by=cast.chen, tools=cast.tools)
    listed = await scoring.sealed_digests(cast.round_id)
    assert (listed.fingerprint, listed.digests) == (sealed.fingerprint, [])
    assert [one.why for one in listed.not_counted] == ["未全程参加"]


async def test_a_lock_says_what_it_counts_and_comes_at_its_time_or_by_hand_once(cast):
    await cast.open()
    await cast.save(0, 0)
    await cast.save(1, 0, {"c1": "90"}, state=BallotState.DRAFT)
    told = await scoring.before_lock(cast.round_id, by=cast.chen)
    assert (told.submitted, told.drafts) == (1, 1)
    due = (await ScoreRound.get(id=cast.round_id)).locks_at
    assert await scoring.lock_due(now=due.replace(year=due.year - 1), tools=cast.tools) == 0
    assert await scoring.lock_due(now=due, tools=cast.tools) == 1
    await cast.lock()
    assert await JournalEntry.filter(event="score_round.locked").count() == 1


async def test_two_persons_open_a_lock_and_judges_correct_the_same_ballots(cast):
    await cast.open()
    await cast.save(0, 0)
    await cast.lock()
    told = {"by": cast.luo, "now": cast.now}
    with pytest.raises(NoReason):
        await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note=" ", **told)
    asked = await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note="漏了一组", **told)
    with pytest.raises(SecondPersonNeeded):
        await scoring.confirm(cast.round_id, asked.id, **told)
    assert await cast.state() is RoundState.LOCKED
    await scoring.confirm(cast.round_id, asked.id, by=cast.chen, now=cast.now)
    corrected = await cast.save(0, 0, {"c1": "70.0", "c2": "80.0"}, base=1)
    assert corrected.version == 2
    await cast.lock()
    with pytest.raises(AskAnswered):
        await scoring.confirm(cast.round_id, asked.id, by=cast.sun, now=cast.now)


async def test_a_lock_that_came_by_itself_and_was_opened_stays_open_for_a_day(cast):
    await cast.open()
    due = (await ScoreRound.get(id=cast.round_id)).locks_at
    await scoring.lock_due(now=due, tools=cast.tools)
    cast.office.watch.ahead += due - cast.now + timedelta(minutes=5)
    await cast.unlock(by=cast.luo, then=cast.chen)
    again = (await ScoreRound.get(id=cast.round_id)).locks_at
    assert timedelta(hours=23) < again - cast.now <= timedelta(hours=24)
    assert await scoring.lock_due(now=cast.now, tools=cast.tools) == 0


async def test_a_round_opened_again_after_its_windows_takes_ballots_until_its_new_time_to_lock(cast):
    await cast.open()
    await cast.save(0, 0)
    entry, watch = cast.entries[0], cast.office.watch
    watch.ahead += entry.closes_at + GRACE - cast.now
    with pytest.raises(OutsideWindow):  # the same round, not opened by anybody
        await cast.save(0, 0, {"c1": "70.0", "c2": "80.0"}, base=1)
    await cast.lock()
    await cast.unlock(by=cast.luo, then=cast.chen)
    corrected = await cast.save(0, 0, {"c1": "70.0", "c2": "80.0"}, base=1)
    assert (corrected.version, (await cast.save(1, 0)).version) == (2, 1)
    assert await BallotTrace.filter(is_late=True).count() == 2
    with pytest.raises(OutsideWindow):
        await cast.save(2, 0, claimed_at=entry.opens_at - timedelta(seconds=1))

    locks_at = (await ScoreRound.get(id=cast.round_id)).locks_at

    async def arriving(n, at):
        command = SaveBallot(scores=SCORES, state=BallotState.DRAFT, base_version=0, claimed_at=locks_at)
        told = {"by": cast.judges[n], "now": at, "tools": cast.tools}
        return await scoring.save_ballot(cast.round_id, entry.id, command, **told)

    assert (await arriving(3, locks_at)).version == 1
    with pytest.raises(OutsideWindow):
        await arriving(4, locks_at + timedelta(microseconds=1))


async def test_an_ask_of_before_does_not_open_a_later_lock(cast):
    await cast.open()
    await cast.lock()
    stale = await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note="一", by=cast.luo, now=cast.now)
    await cast.unlock(by=cast.chen, then=cast.sun)
    await cast.lock()
    with pytest.raises(AskAnswered):
        await scoring.confirm(cast.round_id, stale.id, by=cast.sun, now=cast.now)


async def test_who_judges_or_belongs_to_a_scored_unit_opens_no_lock(cast):
    await cast.open()
    judging = cast.people[0]
    await people.give_duty(
        judging, role=Role.OFFICE_STAFF, organisation=cast.office.root, by=None, now=cast.now
    )
    scored = await cast.office.enrol("住建局的", Role.OFFICE_STAFF)
    await people.give_duty(
        scored, role=Role.DEPARTMENT_CONTACT, organisation=cast.office.bureau, by=None, now=cast.now
    )
    await cast.lock()
    asked = await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note="漏了", by=cast.luo, now=cast.now)
    for person in (judging, scored):
        by = await cast.actor(person)
        with pytest.raises(NotImpartial):
            await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note="漏了", by=by, now=cast.now)
        with pytest.raises(NotImpartial):
            await scoring.confirm(cast.round_id, asked.id, by=by, now=cast.now)


async def test_nobody_unlocks_what_is_sealed(cast):
    await cast.open()
    await cast.lock()
    await cast.seal()
    with pytest.raises(WrongRoundStep):
        await scoring.ask(cast.round_id, RoundAskKind.UNLOCK, note="后悔", by=cast.luo, now=cast.now)


async def test_an_open_round_is_not_sealed_and_a_seal_happens_once(cast):
    await cast.open()
    await cast.score_all()
    with pytest.raises(WrongRoundStep):
        await cast.seal()
    await cast.lock()
    first = await cast.seal()
    again = await cast.seal()
    assert (first.fingerprint, first.sealed_at) == (again.fingerprint, again.sealed_at)
    assert await JournalEntry.filter(event="score_round.sealed").count() == 1


async def test_what_does_not_count_is_listed_with_its_reason_and_without_scores(cast):
    await cast.open()
    await cast.score_all()
    recused, excluded, absent = [await cast.judge(n) for n in range(3)]
    entry = cast.entries[0].id
    told = {"by": cast.chen, "reason": "核查"}
    await scoring.recuse(
        cast.round_id, judge_id=recused.id, entry_id=entry, kind=RecusalKind.OWN_TASK, **told
    )
    newcomer = await cast.office.enrol("半程", cast.judges[0].duties[0].role)
    cast.people.append(newcomer)
    cast.judges.append(await cast.actor(newcomer))
    await cast.assign(newcomer)
    await cast.save(5, 0)  # and no other mandatory entry
    await cast.lock()
    await scoring.exclude(cast.round_id, judge_id=excluded.id, entry_ids=[entry], now=cast.now, **told)
    with pytest.raises(WrongRoundStep):
        await scoring.excuse(cast.round_id, judge_id=absent.id, **told)
    await cast.seal()
    assert sorted(one.why for one in await NotCounted.all()) == sorted(WhyNotCounted)
    assert await SealedBallot.all().count() == 13
    counts = {one.person_id: (one.counted, one.not_counted) for one in await Participation.all()}
    assert [counts[person.id] for person in cast.people] == [(2, 1), (2, 1), (3, 0), (3, 0), (3, 0), (0, 1)]


async def test_who_is_excused_counts_without_full_coverage(cast):
    await cast.open()
    await cast.save(0, 0)
    await scoring.excuse(cast.round_id, judge_id=(await cast.judge(0)).id, reason="车晚点", by=cast.chen)
    await cast.lock()
    await cast.seal()
    assert await SealedBallot.all().count() == 1


async def test_a_round_without_any_ballot_is_sealed_and_published_without_scores(cast, tmp_path):
    await cast.open()
    await cast.lock()
    await cast.seal()
    await cast.publish()
    assert {one.score for one in await scoring.published_result(cast.round_id)} == {None}
    assert verdict(await scoring.published_export(cast.round_id), tmp_path)[0] == 0


async def test_the_result_enters_the_assessment_once_however_often_it_is_published(cast):
    await cast.open()
    await cast.lock()
    with pytest.raises(WrongRoundStep):
        await cast.publish()
    await cast.seal()
    for _ in range(3):
        await cast.publish()
    assert await AssessmentFeed.all().count() == 1
    assert await JournalEntry.filter(event="score_round.published").count() == 1


async def test_comments_are_told_apart_from_ballots_where_three_scored(cast):
    await cast.open(rules=cast.rules(coverage="none"))
    for n in range(3):
        await cast.save(n, 0, comment=f"意见{n}" if n else "")
    await cast.save(0, 1, comment="只有我")
    await cast.lock()
    await cast.seal()
    await cast.publish()
    told = [sorted(await scoring.published_comments(cast.round_id, one.id)) for one in cast.entries]
    assert told == [["意见1", "意见2"], [], []]


async def test_the_lock_finds_what_a_person_should_look_at_and_the_result_stays(cast):
    await cast.open()
    await cast.score_all()
    same = {"c1": "90.0", "c2": "90.0"}
    for entry in range(3):
        await cast.save(0, entry, same, base=1, device="phone-1")
        await cast.save(1, entry, same, base=1, device="phone-1")
    await cast.lock()
    found = await scoring.signals_of(cast.round_id, by=cast.chen)
    kinds = {(one.judge.person_id, one.kind) for one in found}
    careless = {cast.people[0].id, cast.people[1].id}
    noticed = (SignalKind.STRAIGHT_LINE, SignalKind.IDENTICAL, SignalKind.SAME_DEVICE)
    assert kinds == {(person, kind) for person in careless for kind in noticed}
    await scoring.decide_signal(cast.round_id, found[0].id, words="已核实", by=cast.chen, now=cast.now)
    await cast.seal()
    review = await scoring.review_of(cast.round_id, by=cast.chen)
    assert await SealedBallot.all().count() == 15
    assert sum(step.n for step in review.without_flagged[0].steps) == 3


async def test_ballots_against_a_lock_what_was_acknowledged_is_what_counts(cast):
    await cast.open(rules=cast.rules(coverage="none"))
    tried = [cast.save(n, entry) for n in range(5) for entry in range(3)]
    answers = await asyncio.gather(*tried[:9], cast.lock(), *tried[9:], return_exceptions=True)
    answers = [one for one in answers if not isinstance(one, ScoreRound)]
    refused = [one for one in answers if isinstance(one, Exception)]
    assert {type(one) for one in refused} <= {Locked}
    await cast.seal()
    [entry] = await JournalEntry.filter(event="score_round.locked")
    assert await SealedBallot.all().count() == entry.detail["submitted"] == 15 - len(refused)


# What a database's owner could join.

SEALED = ("sealed_ballot", "not_counted", "sealed_comment")


async def test_names_are_kept_of_a_round_that_said_so_before_and_of_no_other(cast):
    await cast.open(rules=cast.rules(coverage="none", named=True))
    digests = {(await cast.save(n, 0)).digest: cast.people[n].id for n in range(3)}
    await cast.lock()
    await cast.seal()
    with pytest.raises(NoSuchThing):
        await scoring.names_of(cast.round_id, by=cast.chen)
    await cast.publish()
    assert await scoring.names_of(cast.round_id, by=cast.chen) == digests

    other = type(cast)(cast.office)
    other.__dict__.update(luo=cast.luo, chen=cast.chen, sun=cast.sun, people=cast.people, judges=cast.judges)
    await other.open()
    await other.score_all()
    await other.lock()
    await other.seal()
    await other.publish()
    assert await scoring.names_of(other.round_id, by=cast.chen) == {}


async def test_after_the_seal_no_value_of_what_names_a_person_stands_among_sealed_ballots(cast, owner):
    await cast.open()
    await cast.score_all()
    await cast.lock()
    await cast.seal()
    named = ("score_judge", "participation", "recusal", "journal_entry", "journal_actor", "score_signal")
    sealed = await _values(owner, SEALED) - {str(cast.round_id)} - {str(one.id) for one in cast.entries}
    assert sealed
    assert not {one for one in sealed & await _values(owner, named) if len(one) > 8}
    assert await owner.fetchval("SELECT count(*) FROM ballot") == 0
    assert await owner.fetchval("SELECT count(*) FROM ballot_trace") == 0


async def _values(line, tables):
    """Return every value of every column, including those within JSON."""
    found = set()
    for table in tables:
        for row in await line.fetch(f"SELECT * FROM {table}"):
            for value in row.values():
                found |= {part.strip(' "{}[],') for part in str(value).replace(":", " ").split()}
    return found


async def test_sealed_rows_share_one_transaction_and_lie_in_the_order_of_their_digests(cast, owner):
    await cast.open()
    await cast.score_all()
    await cast.lock()
    await cast.seal()
    rows = await owner.fetch("SELECT digest, xmin::text FROM sealed_ballot ORDER BY ctid")
    assert len(rows) == 15
    assert len({row["xmin"] for row in rows}) == 1
    assert [row["digest"] for row in rows] == sorted(row["digest"] for row in rows)


async def test_no_record_of_the_write_ahead_log_holds_a_person_beside_a_ballot(cast, owner):
    await owner.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
    start = await owner.fetchval("SELECT pg_current_wal_insert_lsn()")
    await cast.open()
    receipts = await cast.score_all()
    tags = await Ballot.all().values_list("tag", flat=True)
    persons = [person.id.bytes for person in cast.people]
    persons += [(await cast.judge(n)).id.bytes for n in range(5)]
    await cast.lock()
    await cast.seal()
    await owner.execute("SELECT pg_switch_wal()")
    of_ballots = [one.encode() for one in tags]
    of_ballots += [word.encode() for own in receipts for one in own for word in (one.salt, one.digest)]
    rows = await owner.fetch(
        "SELECT coalesce(block_data, '') || coalesce(block_fpi_data, '') AS bytes"
        " FROM pg_get_wal_block_info($1, pg_current_wal_insert_lsn())",
        start,
    )
    with_ballot = [row["bytes"] for row in rows if any(word in row["bytes"] for word in of_ballots)]
    with_person = [row["bytes"] for row in rows if any(word in row["bytes"] for word in persons)]
    assert len(with_ballot) > 30
    assert len(with_person) > 10
    assert [one for one in with_ballot if one in with_person] == []
    await owner.execute("DROP EXTENSION pg_walinspect")


async def test_the_old_ballots_file_and_the_key_are_gone_and_a_restart_brings_neither_back(cast, owner):
    await cast.open()
    await cast.score_all()
    tag = (await Ballot.first()).tag
    where = "SELECT pg_relation_filepath('ballot')"
    before = await owner.fetchval(where)
    assert await round_keys.key_of(cast.round_id, tools=cast.tools)
    await cast.lock()
    await cast.seal()
    await owner.execute("CHECKPOINT")
    assert await owner.fetchval(where) != before
    for table in ("ballot", "sealed_ballot", "participation"):
        path = await owner.fetchval("SELECT pg_relation_filepath($1::text::regclass)", table)
        assert tag.encode() not in (await owner.fetchval("SELECT pg_read_binary_file($1)", path))
    round_keys.forget_key(cast.round_id)
    with pytest.raises(RoundKeyLost):
        await round_keys.key_of(cast.round_id, tools=cast.tools)


async def test_the_seal_of_one_round_leaves_anothers_ballots(cast):
    await cast.open()
    await cast.score_all()
    other = type(cast)(cast.office)
    other.__dict__.update(luo=cast.luo, chen=cast.chen, sun=cast.sun, people=cast.people, judges=cast.judges)
    await other.open()
    receipt = await other.save(0, 0)
    await cast.lock()
    await cast.seal()
    assert (await other.own(0)).ballots == [receipt]
    assert (await other.save(0, 0, {"c1": "70.0", "c2": "80.0"}, base=1)).version == 2


async def test_a_ballots_transaction_writes_no_table_that_names_a_person(cast, owner):
    await cast.open()
    await cast.save(1, 0)
    tables = [
        row["tablename"]
        for row in await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    last = await owner.fetchval("SELECT max(xmin::text::bigint) FROM ballot")
    wrote = {
        one
        for one in tables
        if await owner.fetchval(f'SELECT count(*) FROM "{one}" WHERE xmin::text::bigint = $1', last)
    }
    assert wrote == {"ballot", "ballot_trace"}
    assert await owner.fetchval("SELECT count(*) FROM ledger.version WHERE xid::text::bigint = $1", last) == 0


async def test_a_crash_between_the_seal_and_the_end_of_the_key_is_finished_by_the_timetable(cast):
    await cast.open()
    await cast.score_all()
    assert await scoring.destroy_left_keys(tools=cast.tools) == 0
    await cast.lock()
    await cast.seal()
    await round_keys.make_key(cast.round_id, tools=cast.tools)  # as if it had never been removed
    assert await scoring.destroy_left_keys(tools=cast.tools) == 1
    assert cast.round_id not in {one async for one in round_keys.kept_keys(tools=cast.tools)}


async def test_without_its_key_a_round_takes_no_new_ballot_but_can_be_locked(cast):
    await cast.open()
    await cast.save(0, 0)
    await round_keys.destroy_key(cast.round_id, tools=cast.tools)
    with pytest.raises(RoundKeyLost):
        await cast.save(0, 1)
    assert (await cast.lock()).state is RoundState.LOCKED


# What the database refuses to the server's role and its owner.

OF_THE_SERVER = (
    "DELETE FROM ballot",
    "TRUNCATE ballot",
    "UPDATE ballot SET tag = repeat('0', 64)",
    "INSERT INTO sealed_ballot SELECT * FROM sealed_ballot",
    "UPDATE sealed_ballot SET cell = 'x'",
    "DELETE FROM sealed_ballot",
    "DELETE FROM not_counted",
    "DELETE FROM participation",
    "UPDATE score_result SET rows = '[]'",
    "DELETE FROM assessment_feed",
    "DELETE FROM named_ballot",
)
OF_ANYBODY = (
    "UPDATE sealed_ballot SET scores = '{}'",
    "DELETE FROM sealed_ballot",
    "TRUNCATE sealed_ballot",
    "UPDATE not_counted SET why = 'recused'",
    "UPDATE score_result SET rows = '[]'",
    "DELETE FROM participation",
    "UPDATE score_round SET state = 'open'",
    "UPDATE score_round SET rules = '{}'",
    "UPDATE score_round SET fingerprint = 'other'",
    "DELETE FROM score_round",
    "UPDATE score_entry SET name = 'other'",
    "UPDATE score_judge SET exempt_because = 'later'",
    "DELETE FROM score_signal",
)


async def test_the_servers_role_changes_nothing_that_is_sealed(cast):
    await cast.open()
    await cast.score_all()
    await cast.lock()
    await cast.seal()
    for statement in OF_THE_SERVER:
        with pytest.raises(OperationalError, match="permission denied"):
            await connections.get("default").execute_query(statement)


async def test_not_even_the_owner_changes_what_is_sealed(cast, owner):
    await cast.open()
    await cast.score_all()
    await cast.save(0, 0, {"c1": "90.0", "c2": "90.0"}, base=1)
    await cast.lock()
    await ScoreSignal.create(judge=await cast.judge(0), kind=SignalKind.SHORT_DWELL, count=1)
    await cast.seal()
    await cast.publish()
    for statement in OF_ANYBODY:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute(statement)


async def test_not_even_the_owner_writes_a_ballot_after_the_lock_or_skips_a_step(cast, owner):
    await cast.open()
    await cast.score_all()
    await cast.lock()
    for statement in (
        "UPDATE ballot SET scores = '{}'",
        "DELETE FROM ballot",
        "UPDATE score_round SET state = 'open'",
        "UPDATE score_round SET state = 'sealed', fingerprint = 'x'",
        "UPDATE score_round SET state = 'published', fingerprint = 'x', published_at = now()",
        "INSERT INTO assessment_feed (id, round_id, year, fed_at)"
        " SELECT gen_random_uuid(), id, 2026, now() FROM score_round",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute(statement)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("SELECT seal_round($1, '{}', '{}', '{}', '{}')", cast.round_id)
    await cast.unlock()
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
        await owner.execute("SELECT seal_round($1, '{}', '{}', '{}', '{}')", cast.round_id)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("UPDATE round_ask SET confirmed_by_id = asked_by_id")


async def test_an_annulled_round_is_over_and_its_note_stays(cast):
    await cast.open()
    await cast.save(0, 0)
    asked = await scoring.ask(cast.round_id, RoundAskKind.ANNUL, note="规则写错", by=cast.luo, now=cast.now)
    await scoring.confirm(cast.round_id, asked.id, by=cast.chen, now=cast.now)
    with pytest.raises(Locked):
        await cast.save(0, 1)
    assert await scoring.destroy_left_keys(tools=cast.tools) == 1
    assert [one.note for one in await scoring.asks_of(cast.round_id, by=cast.luo)] == ["规则写错"]
