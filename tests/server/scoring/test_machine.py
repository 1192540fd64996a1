"""G12: several people act at random in one round; no write after the lock, one ballot each, recomputed = stored."""

import os
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import JournalEntry, RoundAsk, ScoreRound
from models.vocabulary import BallotState, RecusalKind, Role, RoundAskKind
from models.vocabulary import RoundState as S
from server import scoring
from server.kernel.refusal import Refusal
from server.verifying import verify
from tests.server.scoring.conftest import Cast
from tests.server.scoring.held_rounds import (
    check_one_ballot_each,
    check_recomputed,
    check_scores_are_kept,
    everything_scored,
)

SCORING = ["draft", "submit", "submit", "submit", "correct"]
DEEDS = [
    *SCORING,
    *SCORING,
    "assign",
    "recuse",
    "declare",
    "excuse",
    "exclude",
    "lock",
    "lock_due",
    "ask_unlock",
    "confirm",
    "confirm_own",
    "seal",
    "publish",
    "change_rules",
    "department_edits",
    "owner_edits_ballot",
    "owner_edits_result",
    "owner_opens",
]
OWNER = {
    "owner_edits_ballot": "UPDATE ballot SET comment = comment || '改' WHERE round_id = $1",
    "owner_edits_result": "UPDATE sealed_ballot SET scores = '{}' WHERE round_id = $1",
    "owner_opens": "UPDATE score_round SET state = 'open' WHERE id = $1 AND state <> 'open'",
}
WHEN_OPEN = {"draft", "submit", "correct", "assign", "recuse", "declare", "excuse", "change_rules"}
NEXT = {
    S.OPEN: {S.OPEN, S.LOCKED},
    S.LOCKED: {S.LOCKED, S.OPEN, S.SEALED},
    S.SEALED: {S.SEALED, S.PUBLISHED},
    S.PUBLISHED: {S.PUBLISHED},
}
REFUSED_BY_THE_DATABASE = (asyncpg.InsufficientPrivilegeError,)


async def act(cast, owner, deed, data):
    n, entry = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 2))
    score = data.draw(st.integers(120, 200)) / 2
    scores = {"c1": f"{score:.1f}", "c2": "80.0"}
    base = data.draw(st.integers(0, 3))
    by = data.draw(st.sampled_from([cast.luo, cast.chen, cast.sun]))
    who = {"by": by, "now": cast.now}
    round_id, entry_id = cast.round_id, cast.entries[entry].id
    judge = await cast.judge(n)
    if deed in OWNER:
        await owner.execute(OWNER[deed], round_id)
        return
    if deed == "department_edits":
        who = {"by": cast.wang, "now": cast.now}
        by = cast.wang
        deed = data.draw(
            st.sampled_from(["recuse", "excuse", "exclude", "lock", "ask_unlock", "seal", "publish"])
        )
    asked = await RoundAsk.filter(round_id=round_id).order_by("-asked_at").first()
    calls = {
        "draft": lambda: cast.save(n, entry, scores, state=BallotState.DRAFT, base=base),
        "submit": lambda: cast.save(n, entry, scores, base=base),
        "correct": lambda: cast.save(n, entry, scores, base=base),
        "assign": lambda: cast.assign(cast.people[n], judge.group),
        "recuse": lambda: scoring.recuse(
            round_id, judge_id=judge.id, entry_id=entry_id, kind=RecusalKind.OWN_TASK, reason="任务", by=by
        ),
        "declare": lambda: scoring.declare_conflict(
            round_id, entry_id=entry_id, reason="亲属", by=cast.judges[n]
        ),
        "excuse": lambda: scoring.excuse(round_id, judge_id=judge.id, reason="晚点", by=by),
        "exclude": lambda: scoring.exclude(
            round_id, judge_id=judge.id, entry_ids=[entry_id], reason="核查", **who
        ),
        "lock": lambda: scoring.lock(round_id, tools=cast.tools, **who),
        "lock_due": lambda: scoring.lock_due(now=cast.now + timedelta(days=3), tools=cast.tools),
        "ask_unlock": lambda: scoring.ask(round_id, RoundAskKind.UNLOCK, note="漏", **who),
        "confirm": lambda: scoring.confirm(round_id, asked.id if asked else round_id, **who),
        "confirm_own": lambda: scoring.confirm(
            round_id, asked.id if asked else round_id, by=asker(asked, cast), now=cast.now
        ),
        "seal": lambda: scoring.seal(round_id, tools=cast.tools, **who),
        "publish": lambda: scoring.publish_result(round_id, **who),
        "change_rules": lambda: scoring.change_rules(
            round_id, rules=cast.rules(merge_below=2), reason="错", by=by
        ),
    }
    await calls[deed]()


def asker(asked, cast):
    return next(
        (one for one in (cast.luo, cast.chen, cast.sun) if asked and one.person.id == asked.asked_by_id),
        cast.luo,
    )


LIKELY = {  # so that rounds come to their end
    S.OPEN: [*SCORING, *SCORING, *SCORING, "lock"],
    S.LOCKED: ["seal", *["ask_unlock"] * 3, *["confirm"] * 9, "exclude"],
    S.SEALED: ["publish"],
    S.PUBLISHED: ["publish"],
}


async def attempt(cast, owner, data):
    before, scored = await ScoreRound.get(id=cast.round_id), await everything_scored(cast.round_id)
    entries = await JournalEntry.filter(subject_id=cast.round_id).count()
    deed = data.draw(st.sampled_from([*LIKELY[before.state], *DEEDS]))
    refusal = None
    try:
        await act(cast, owner, deed, data)
    except (Refusal, *REFUSED_BY_THE_DATABASE) as raised:
        refusal = raised
    after, told = (
        await ScoreRound.get(id=cast.round_id),
        await JournalEntry.filter(subject_id=cast.round_id).count(),
    )
    assert after.state in NEXT[before.state]
    if refusal:
        assert told == entries
    is_refused = refusal is not None
    await check_scores_are_kept(before, after, scored, is_refused=is_refused, writes=deed in WHEN_OPEN)
    if (before.state, after.state) == (S.LOCKED, S.OPEN):
        asked = (
            await RoundAsk.filter(round_id=cast.round_id, confirmed_at__not_isnull=True)
            .order_by("-confirmed_at")
            .first()
        )
        assert asked.asked_by_id != asked.confirmed_by_id
        assert asked.note
    await check_one_ballot_each(cast.round_id, judges=len(cast.people))
    if not refusal:
        DONE.add(deed)


DONE = set()


@pytest.fixture
async def owner(database_url):
    """The database's owner; at the end nearly every action has succeeded, otherwise the attempts prove nothing."""
    line = await asyncpg.connect(database_url)
    yield line
    await line.close()
    assert {"submit", "correct", "lock", "confirm", "seal", "publish", "recomputed"} <= DONE, sorted(DONE)
    assert len(DONE) >= 14, sorted(set(DEEDS) - DONE)
    assert not {"confirm_own", "department_edits"} & DONE


@settings(
    max_examples=int(os.environ.get("ROUNDS_TRIED", "10")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
    derandomize=True,
)
@given(data=st.data())
async def test_whatever_is_tried_no_score_changes_after_the_lock(cast, owner, database_url, data):
    told = vars(cast) | {}
    cast = Cast(cast.office)
    vars(cast).update({name: told[name] for name in ("luo", "chen", "sun", "people", "judges")})
    contact = await cast.office.enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=cast.office.bureau)
    cast.wang = await cast.actor(contact)
    await cast.open(rules=cast.rules(coverage="none"))
    for _ in range(50):
        await attempt(cast, owner, data)
    if await check_recomputed(cast.round_id):
        DONE.add("recomputed")
    assert (await verify(database_url)).faults == []
