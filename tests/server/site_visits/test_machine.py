"""G12 for whole visits: all act at random; no write after the lock, one ballot each, no early score on the board."""

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import CheckIn, RoundAsk, ScoreJudge, ScoreResult, ScoreRound, VisitBoard
from models.vocabulary import BallotState, Presence, RecusalKind, Role, RoundAskKind
from models.vocabulary import RoundState as S
from server import scoring, site_visits
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import finish_all
from server.people import NotAllowed
from server.site_visits import BoardMove
from server.site_visits.showing import frame_of
from server.verifying import verify
from tests.server.scoring.held_rounds import (
    check_one_ballot_each,
    check_recomputed,
    check_scores_are_kept,
    everything_scored,
)
from tests.server.site_visits.conftest import Visit

SCORING = ["check_in", "check_in", "draft", "submit", "submit", "correct"]
OFFICE = [
    "invite",
    "by_hand",
    "confirm_presence",
    "reject",
    "recuse",
    "lock",
    "ask",
    "agree",
    "seal",
    "publish",
    "move",
]
STRANGE = ["department", "administrator", "owner_ballot", "owner_result", "owner_reveals"]
LIKELY = {  # so that visits come to their end
    S.OPEN: [*SCORING * 4, "by_hand", "by_hand", "lock"],
    S.LOCKED: [*["confirm_presence"] * 3, *["seal"] * 3, "ask", *["agree"] * 3],
    S.SEALED: ["move", "move", "move", "publish"],
    S.PUBLISHED: ["move", "publish"],
}
WHEN_OPEN = {"draft", "submit", "correct", "recuse", "invite"}
OWNER = {
    "owner_ballot": "UPDATE ballot SET comment = comment || '改' WHERE round_id = $1",
    "owner_result": "UPDATE sealed_ballot SET scores = '{}' WHERE round_id = $1",
    "owner_reveals": "UPDATE visit_board SET step = step + 1 WHERE visit_id = $1 AND NOT is_rehearsal",
}
DONE = set()


class Crowd:
    """The visit with all who act on it, and one move of any of them."""

    def __init__(self, visit, owner, sun, outsiders):
        self.visit, self.owner, self.sun, self.outsiders = visit, owner, sun, outsiders
        self.figures = set()

    @property
    def id(self):
        return self.visit.visit.id

    async def act(self, deed, data):
        n, stop = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 2))
        figure = data.draw(st.integers(120, 199)) / 2
        scores = {"c1": f"{figure:.1f}", "c2": "60.5"}
        if deed in OWNER:
            await self.owner.execute(OWNER[deed], self.id)
        elif deed in ("department", "administrator"):
            await self.office_deed(data.draw(st.sampled_from(OFFICE)), n, stop, data, by=self.outsiders[deed])
        elif deed == "check_in":
            visit = self.visit
            await visit.check_in(n, await visit.scanned(n, screen=self.screens[stop], place=None), stop=stop)
        elif deed in ("draft", "submit", "correct"):
            state = BallotState.DRAFT if deed == "draft" else BallotState.SUBMITTED
            base = data.draw(st.integers(0, 2))
            await self.visit.score(n, stop, scores, state=state, base=base)
            self.figures.add(scores["c1"])
            assert await self.is_there(n, stop)
        else:
            await self.office_deed(
                deed, n, stop, data, by=data.draw(st.sampled_from([self.visit.luo, self.sun]))
            )

    async def office_deed(self, deed, n, stop, data, *, by):
        visit, at = self.visit, {"by": by, "now": self.visit.now}
        observer, stop_id = await visit.observer(n), visit.stops[stop].id
        check_ins = await CheckIn.filter(stop__visit_id=self.id).order_by("id")
        one = data.draw(st.sampled_from([row.id for row in check_ins] or [self.id]))
        asked = await RoundAsk.filter(round_id=self.id).order_by("-asked_at").first()
        judges = {row.person_id: row.id for row in await visit_judges(self.id)}
        board = await VisitBoard.get(visit_id=self.id)
        calls = {
            "invite": lambda: site_visits.invite_observer(
                self.id, person_id=visit.people[n].id, group="deputies", **at
            ),
            "by_hand": lambda: site_visits.check_in_by_hand(
                self.id, stop_id, observer_id=observer.id, reason="没电", **at
            ),
            "confirm_presence": lambda: site_visits.confirm_check_ins(
                self.id, [row.id for row in check_ins], reason="见到本人", **at
            ),
            "reject": lambda: site_visits.reject_check_in(self.id, one, reason="没来", **at),
            "recuse": lambda: scoring.recuse(
                self.id,
                judge_id=judges[visit.people[n].id],
                entry_id=stop_id,
                kind=RecusalKind.DECLARED,
                reason="亲属",
                by=by,
            ),
            "lock": lambda: scoring.lock(self.id, tools=visit.tools, **at),
            "ask": lambda: scoring.ask(self.id, RoundAskKind.UNLOCK, note="漏了", **at),
            "agree": lambda: scoring.confirm(self.id, asked.id if asked else self.id, **at),
            "seal": lambda: site_visits.seal_visit(self.id, tools=visit.tools, **at),
            "publish": lambda: scoring.publish_result(self.id, **at),
            "move": lambda: site_visits.move_board(
                self.id, data.draw(st.sampled_from([BoardMove.NEXT, *BoardMove])), seen=board.step, by=by
            ),
        }
        await calls[deed]()

    async def is_there(self, n, stop):
        kept = await self.visit.kept(n, stop)
        return kept is not None and kept.presence is not Presence.REJECTED


async def visit_judges(visit_id):
    return await ScoreJudge.filter(round_id=visit_id)


async def attempt(crowd, data):
    before, scored = await ScoreRound.get(id=crowd.id), await everything_scored(crowd.id)
    board = await VisitBoard.get(visit_id=crowd.id)
    deed = data.draw(st.sampled_from([*LIKELY[before.state] * 2, *SCORING, *OFFICE, *STRANGE]))
    refusal = None
    try:
        await crowd.act(deed, data)
    except (Refusal, asyncpg.InsufficientPrivilegeError) as raised:
        refusal = raised
    after, shown = await ScoreRound.get(id=crowd.id), await VisitBoard.get(visit_id=crowd.id)
    if deed in ("department", "administrator"):
        assert isinstance(refusal, NotAllowed)
    if refusal:
        assert (shown.step, shown.is_rehearsal) == (board.step, board.is_rehearsal)
    is_refused = refusal is not None
    await check_scores_are_kept(before, after, scored, is_refused=is_refused, writes=deed in WHEN_OPEN)
    assert shown.version >= board.version
    await check_board(crowd, after, shown)
    await check_one_ballot_each(crowd.id, judges=len(crowd.visit.people))
    if not refusal:
        DONE.add(deed)


async def check_board(crowd, round_, board):
    """No score before the seal, and after it only those of the steps that are revealed."""
    told = (await frame_of(crowd.id)).event.decode()
    assert not any(f'"{figure}"' in told for figure in crowd.figures)
    if board.is_rehearsal or board.step == 0:
        rows = await ScoreResult.filter(round_id=crowd.id)
        assert not any(f'"{one["score"]}"' in told for row in rows for one in row.rows if one["score"])
        return
    assert round_.state in (S.SEALED, S.PUBLISHED)


@pytest.fixture
async def owner(database_url):
    """The database's owner; at the end nearly every action has succeeded, otherwise the attempts prove nothing."""
    line = await asyncpg.connect(database_url)
    yield line
    await line.close()
    assert {*SCORING, "by_hand", "confirm_presence", "lock", "agree", "seal", "publish", "move"} <= DONE, (
        sorted(DONE)
    )
    assert "recomputed" in DONE
    assert not {"department", "administrator"} & DONE


@settings(
    max_examples=8,
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
async def test_whatever_is_tried_a_visit_stays_true(office, visit, owner, database_url, data):
    enrol = office.enrol
    sun = await office.actor(await enrol("孙主任", Role.OFFICE_LEAD))
    outsiders = {
        "department": await office.actor(
            await enrol("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
        ),
        "administrator": await office.actor(await enrol("管理员", Role.ADMINISTRATOR)),
    }
    told, visit = visit, Visit(office)
    vars(visit).update({name: vars(told)[name] for name in ("luo", "chen", "people", "actors")})
    await visit.publish()
    crowd = Crowd(visit, owner, sun, outsiders)
    crowd.screens = [await visit.screen(stop) for stop in range(3)]
    for _ in range(45):
        await attempt(crowd, data)
    await finish_all()
    if await check_recomputed(crowd.id):
        DONE.add("recomputed")
    assert (await verify(database_url)).faults == []
