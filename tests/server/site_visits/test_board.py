"""The hall's board: opened by its link alone, always the newest state, and no score before the host reveals it."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import pytest
from tortoise import connections

from models import JournalEntry, VisitBoard
from models.vocabulary import RecusalKind, Role, RoundAskKind
from server import scoring, site_visits
from server.gateways.redis import Allowance, Limiter
from server.kernel.refusal import NoSuchThing
from server.site_visits import BoardMove, hub
from server.site_visits.refusals import BoardMovedOn, NothingToReveal
from tests.conftest import until
from tests.server.site_visits.conftest import Visit

SCORES = [{"c1": f"{n}1.5", "c2": f"{n}3.5"} for n in (9, 7, 8)]  # of the three stops


class Listener:
    """A screen that watches a board, and everything it was sent."""

    def __init__(self, answer):
        self._lines, self.events, self.beats, self.is_over = answer.aiter_lines(), [], 0, False

    async def listen(self):
        fields = {}
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
            elif line == "":
                self._keep(fields)
                fields = {}
            else:
                self.beats += 1
        self.is_over = True

    def _keep(self, fields):
        if "data" in fields:
            self.events.append(fields)

    @property
    def state(self):
        return json.loads(self.events[-1]["data"]) if self.events else {}

    async def sees(self, wanted):
        """Wait until the newest state is as wanted."""

        async def seen():
            return self.events and wanted(self.state)

        await until(seen)
        return self.state


@asynccontextmanager
async def watching(office, link, *, last_event_id=None):
    headers = {"last-event-id": str(last_event_id)} if last_event_id is not None else {}
    client = office.client()
    async with client.stream("GET", f"/board/{link}/events", headers=headers, timeout=60) as answer:
        assert answer.status_code == 200
        listener = Listener(answer)
        task = asyncio.create_task(listener.listen())
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.wait([task])


async def opened(visit):
    return await site_visits.open_board(visit.visit.id, by=visit.chen)


async def move(visit, which, *, seen=None):
    kept = await VisitBoard.get(visit_id=visit.visit.id)
    step = kept.step if seen is None else seen
    await site_visits.move_board(visit.visit.id, which, seen=step, by=visit.chen)


async def scored(visit):
    """Everybody was everywhere and scored everything."""
    for n in range(5):
        for stop in range(3):
            await visit.present(n, stop)
            await visit.score(n, stop, SCORES[stop])


@pytest.fixture
async def board(visit):
    await visit.publish()
    return visit


async def test_a_link_opens_the_board_without_signing_in_and_counts_grow_on_it(board):
    link = await opened(board)
    stranger = board.office.client()
    shown = await stranger.get(f"/board/{link}")
    assert (shown.status_code, "秋季观摩" in shown.text) == (200, True)
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    async with watching(board.office, link) as screen:
        first = await screen.sees(lambda state: state["present"] == 0)
        assert (first["phase"], first["invited"]) == ("open", 5)
        await board.check_in(0, await board.scanned(0, screen=await board.screen()))
        state = await screen.sees(lambda state: state["present"] == 1)
        assert [one["present"] for one in state["stops"]] == [1, 0, 0]
        await board.score(0)
        state = await screen.sees(lambda state: state["stops"][0]["submitted"] == 1)
        assert [one["expected"] for one in state["stops"]] == [5, 5, 5]


async def test_recusal_lock_unlock_seal_publication_and_late_guests_show_at_once(board):
    luo, others = board.luo, await board.office.actor(await board.office.enrol("孙主任", Role.OFFICE_LEAD))
    link = await opened(board)
    judge = (await scoring.progress_by_judge(board.visit.id, by=luo, tools=board.tools))[0].judge
    async with watching(board.office, link) as screen:
        await screen.sees(lambda state: state["phase"] == "open")
        await scoring.recuse(
            board.visit.id,
            judge_id=judge,
            entry_id=board.stops[1].id,
            kind=RecusalKind.DECLARED,
            reason="亲属在这里工作",
            by=luo,
        )
        await screen.sees(lambda state: [one["expected"] for one in state["stops"]] == [5, 4, 5])
        await board.invite(await board.office.enrol("评委5", Role.REFORM_OBSERVER))
        await screen.sees(lambda state: state["invited"] == 6)
        await board.lock()
        await screen.sees(lambda state: state["phase"] == "locked")
        asked = await scoring.ask(board.visit.id, RoundAskKind.UNLOCK, note="漏了一人", by=luo, now=board.now)
        await scoring.confirm(board.visit.id, asked.id, by=others, now=board.now)
        await screen.sees(lambda state: state["phase"] == "open")
        await board.lock()
        await board.seal()
        state = await screen.sees(lambda state: state["phase"] == "sealed")
        assert len(state["fingerprint"]) == len("1234-5678-9ABC-DEF0")
        await scoring.publish_result(board.visit.id, by=luo, now=board.now)
        await screen.sees(lambda state: state["phase"] == "published")


async def test_no_frame_holds_a_score_before_the_host_reveals_it(board):
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await screen.sees(bool)
        await scored(board)
        await screen.sees(lambda state: sum(one["submitted"] for one in state["stops"]) == 15)
        await board.lock()
        await board.seal()
        await screen.sees(lambda state: state["phase"] == "sealed" and state["unrevealed"] == 3)
        before = " ".join(one["data"] for one in screen.events)
        results = [
            one for step in await scoring.script_of(board.visit.id, by=board.luo) for one in step.results
        ]
        assert [one.rank for one in results] == [3, 2, 1]
        for one in results:
            assert str(one.score) not in before
        assert not any(figure in before for scores in SCORES for figure in scores.values())

        places = []
        for n in range(len(results)):
            await move(board, BoardMove.NEXT)
            state = await screen.sees(lambda state, n=n: len(state["revealed"]) == n + 1)
            places.append([(row["place"], row["score"], row["is_newest"]) for row in state["revealed"]])
            assert state["unrevealed"] == 2 - n
            later = [str(other.score) for other in results[n + 1 :]]
            assert not any(figure in screen.events[-1]["data"] for figure in later)
        assert places[0] == [(3, results[0].score, True)]
        assert places[2] == [
            (1, results[2].score, True),
            (2, results[1].score, False),
            (3, results[0].score, False),
        ]
        with pytest.raises(NothingToReveal):
            await move(board, BoardMove.NEXT)


async def test_what_the_board_reads_before_the_seal_names_no_column_of_scores(board, caplog):
    await scored(board)
    with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
        await hub.frame_of(board.visit.id)
    asked = "\n".join(caplog.messages)
    assert "visit_board" in asked
    assert not any(word in asked.lower() for word in ("scores", "score_result", "comment"))


async def test_before_the_seal_nothing_is_revealed_not_even_by_the_database(board):
    await scored(board)
    for which in (BoardMove.NEXT, BoardMove.ALL, BoardMove.TOP_THREE, BoardMove.BACK):
        with pytest.raises(NothingToReveal):
            await move(board, which)
    await board.lock()
    with pytest.raises(NothingToReveal):
        await move(board, BoardMove.NEXT)
    with pytest.raises(Exception, match="sealed round"):
        await connections.get("default").execute_query(
            "UPDATE visit_board SET step = 1 WHERE visit_id = $1", [str(board.visit.id)]
        )


async def test_a_rehearsal_shows_invented_names_and_scores_and_leaves_no_step(board):
    await scored(board)
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await move(board, BoardMove.REHEARSE)
        await move(board, BoardMove.ALL)
        state = await screen.sees(lambda state: len(state["revealed"]) == 3)
        assert state["is_rehearsal"]
        assert [one["place"] for one in state["revealed"]] == [1, 2, 2]
        assert all(one["name"].startswith("示例点位") for one in state["revealed"])
        assert not any(stop.name in str(state["revealed"]) for stop in board.stops)
        await move(board, BoardMove.END_REHEARSAL)
        state = await screen.sees(lambda state: not state["is_rehearsal"])
        assert (state["revealed"], state["steps"]) == ([], 0)


async def test_two_hosts_who_press_at_once_advance_by_one(board):
    await scored(board)
    await board.lock()
    await board.seal()
    done = await asyncio.gather(
        *(move(board, BoardMove.NEXT, seen=0) for _ in range(4)), return_exceptions=True
    )
    assert [type(one) for one in done if one].count(BoardMovedOn) == 3
    assert (await VisitBoard.get(visit_id=board.visit.id)).step == 1


async def test_the_host_goes_to_the_podium_back_and_into_the_dark(board):
    await scored(board)
    await board.lock()
    await board.seal()
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await move(board, BoardMove.TOP_THREE)  # three stops: nothing is below the podium
        await move(board, BoardMove.ALL)
        await screen.sees(lambda state: state["unrevealed"] == 0)
        await move(board, BoardMove.BACK)
        await screen.sees(lambda state: state["unrevealed"] == 1)
        await move(board, BoardMove.BLACK)
        await screen.sees(lambda state: state["is_black"])
        await move(board, BoardMove.LIGHT)
        await screen.sees(lambda state: not state["is_black"])
    moves = await JournalEntry.filter(event="site_visit.board_moved").count()
    assert moves == 5


async def test_a_revoked_link_ends_its_screens_and_a_new_one_is_another(board):
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await screen.sees(bool)
        await site_visits.revoke_board(board.visit.id, by=board.chen)

        async def over():
            return screen.is_over

        await until(over)
        assert screen.events[-1]["event"] == "closed"
    for path in (f"/board/{link}", f"/board/{link}/events", "/board/nothing", "/board/nothing/events"):
        assert (await board.office.client().get(path)).status_code == 404
    again = await opened(board)
    assert again != link
    assert (await board.office.client().get(f"/board/{again}")).status_code == 200
    kept = await VisitBoard.get(visit_id=board.visit.id)
    assert again not in str(kept.link_hash)
    assert not [one for one in await JournalEntry.all() if again in str(one.detail)]


class AlwaysTooOften(Limiter):
    """Lets nothing pass."""

    async def hit(self, rate, *key):
        return Allowance(allowed=False, remaining=0, resets_at=datetime.now(UTC))

    peek = hit


async def test_a_hall_that_asks_too_often_reads_so_in_large_words_and_comes_back_by_itself(board):
    link = await opened(board)
    board.office.tools.redis.limiter, usual = AlwaysTooOften(), board.office.tools.redis.limiter
    for path in (f"/board/{link}", f"/board/{link}/events"):
        refused = await board.office.client().get(path)
        assert (refused.status_code, refused.headers["refresh"]) == (429, "15")
        assert refused.headers["content-type"].startswith("text/html")
        assert "大屏暂时打不开" in refused.text
        assert "15秒后自动再试" in refused.text
        assert (refused.headers["referrer-policy"], link in refused.text) == ("no-referrer", False)
    board.office.tools.redis.limiter = usual
    assert (await board.office.client().get(f"/board/{link}")).status_code == 200
    wrong = await board.office.client().post(f"/board/{link}")
    assert (wrong.status_code, "refresh" in wrong.headers) == (405, False)


async def test_who_was_away_for_ten_events_gets_one_state_and_who_missed_nothing_gets_none(board):
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await screen.sees(bool)
        seen = int(screen.events[-1]["id"])
    for n in range(5):
        for stop in range(2):
            await board.present(n, stop)
    async with watching(board.office, link, last_event_id=seen) as screen:
        await screen.sees(lambda state: state["present"] == 5)
        assert len(screen.events) == 1
        now = int(screen.events[-1]["id"])
    assert now == seen + 10
    async with (
        watching(board.office, link, last_event_id=now) as screen,
        watching(board.office, link) as other,
    ):
        await other.sees(bool)
        await board.present(0, 2)
        await screen.sees(lambda state: state["stops"][2]["present"] == 1)
        assert len(screen.events) == 1  # and not the one it knew


async def test_200_listeners_cost_one_read_for_a_change_and_none_while_nothing_happens(board, caplog, app):
    link = await opened(board)
    async with asyncio.timeout(60):
        screens = [watching(board.office, link) for _ in range(200)]
        entered = [await one.__aenter__() for one in screens]
        try:
            for one in entered:
                await one.sees(bool)
            assert app.ctx.boards.listeners == 200
            with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
                await site_visits.bump(board.visit.id)
                wanted = (await VisitBoard.get(visit_id=board.visit.id)).version
                for one in entered:
                    await one.sees(lambda state: state["version"] == wanted)
            reads = [one for one in caplog.messages if "count(DISTINCT c.observer_id)" in one]
            assert len(reads) == 1
        finally:
            for one in reversed(screens):
                await one.__aexit__(None, None, None)


async def test_a_listener_that_goes_leaves_nothing_behind(board, app):
    link = await opened(board)
    async with watching(board.office, link) as screen:
        await screen.sees(bool)
        assert app.ctx.boards.listeners == 1

    async def gone():
        await site_visits.bump(board.visit.id)
        return app.ctx.boards.listeners == 0

    await until(gone)


async def test_silence_does_not_close_a_board(board, monkeypatch):
    monkeypatch.setattr(hub, "BEAT_SECONDS", 0.05)
    link = await opened(board)
    async with watching(board.office, link) as screen:

        async def beating():
            return screen.beats >= 5

        await until(beating)
        await board.present(0)
        await screen.sees(lambda state: state["present"] == 1)


async def test_a_killed_listen_heals_and_the_state_is_right_again(board):
    link, admin = await opened(board), await asyncpg.connect(board.tools.settings.database_url)
    kill = """SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
        WHERE query ILIKE 'LISTEN%site_visit_board%' AND datname = current_database()"""
    async with watching(board.office, link) as screen:
        await screen.sees(bool)

        async def killed():
            return await admin.fetchval(kill)

        await until(killed)
        await admin.close()
        await board.present(0)
        await screen.sees(lambda state: state["present"] == 1)


async def test_a_stranger_to_the_office_neither_opens_nor_moves_the_board(board):
    stranger = await board.office.actor(
        await board.office.enrol("局里的", Role.OFFICE_LEAD, organisation=board.office.bureau)
    )
    with pytest.raises(NoSuchThing):
        await site_visits.open_board(board.visit.id, by=stranger)
    with pytest.raises(NoSuchThing):
        await site_visits.revoke_board(board.visit.id, by=stranger)
    with pytest.raises(NoSuchThing):
        await site_visits.move_board(board.visit.id, BoardMove.BLACK, seen=0, by=stranger)


async def test_the_host_works_the_board_from_the_console(office):
    visit = await Visit(office).enter()
    await visit.publish()
    desk = await office.desk_of("小周")
    path = f"/site-visits/{visit.visit.id}/board"
    told = await desk.post(f"{path}/opening", {})
    assert told.status_code == 200
    link = told.text.partition("/board/")[2][:22]
    assert (await office.client().get(f"/board/{link}")).status_code == 200
    assert (await desk.post(f"{path}/moves", {"move": "rehearse", "seen": "0"})).status_code == 303
    assert "排练中" in (await desk.get(path)).text
    assert (await desk.post(f"{path}/moves", {"move": "next", "seen": "7"}, part=True)).status_code == 409
    assert (await desk.post(f"{path}/revocation", {})).status_code == 303
    assert (await office.client().get(f"/board/{link}")).status_code == 404
