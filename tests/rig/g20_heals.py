"""G20: while PostgreSQL is frozen every request gets an answer, and the office recovers by itself after the thaw."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from tests.rig.drafts import Draft, a_draft
from tests.rig.freezing import frozen
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import NoAnswer, ask, hang_up, written

WRITERS = 6
READERS = 2
LULL = 0.1  # seconds between two requests of one client
CALM = 1.5  # seconds of load before, between and after
LONGEST = 3.0  # seconds for any answer
READY = 1.0  # seconds until /ready says no
HEALED = 5.0  # seconds until a report is accepted again
CATCH_UP = 40.0  # seconds until the worker has nothing left; a job it held is taken up after fifteen
PATIENCE = 8.0  # seconds until the rig calls a request hung
FOLLOWING = 20  # connections of one process: its pool, its watch, its queue

LEFT_OPEN = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"""
LINES = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
OPEN_JOBS = "SELECT count(*) FROM pgqueuer"


@dataclass(frozen=True)
class Seen:
    """One request: its start and duration in seconds of the loop's clock; status 0 if no answer came."""

    what: str
    began: float
    took: float
    status: int
    retry_after: str

    @property
    def ended(self) -> float:
        return self.began + self.took


async def heals(*, seconds: float, seed: int, freezes: int = 2, change: tuple[str, ...] = ()) -> Outcome:
    """Freeze the database repeatedly under load, and check every answer."""
    dice = random.Random(seed)
    outcome = Outcome("G20", seed)
    async with Estate(servers=1, change=change) as estate:
        load = _Load(estate, members=(await estate.found(WRITERS * 4))[:-1], dice=dice)
        async with load:
            times = []
            await asyncio.sleep(CALM)
            for _ in range(freezes):
                began = load.clock()
                with frozen(estate.postgres_data):
                    await asyncio.sleep(seconds)
                times.append((began, load.clock()))
                await asyncio.sleep(HEALED + CALM)
        database = await asyncpg.connect(estate.database_url)
        try:
            _judge_answers(load.seen, times, outcome)
            await _judge_what_is_left(database, load.acknowledged, outcome)
        finally:
            await database.close()
    return outcome


class _Load:
    """Clients that keep asking while it is open: writers, readers, a balancer, and phones that hang up."""

    def __init__(self, estate: Estate, *, members: list[dict[str, str]], dice: random.Random) -> None:
        self._port, self._members, self._dice = estate.port(0), members, dice
        self._clients: list[asyncio.Task[None]] = []
        self.seen: list[Seen] = []
        self.acknowledged: list[str] = []
        self.clock = asyncio.get_running_loop().time

    async def __aenter__(self) -> None:
        acts = [self._write] * WRITERS + [self._read] * READERS + [self._hang_up]
        acts += [self._look("/ready"), self._look("/live")]
        self._clients = [asyncio.create_task(self._go_on(act)) for act in acts]

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            client.cancel()
        await asyncio.wait(self._clients)

    async def _go_on(self, act: Callable[[], Awaitable[object]]) -> None:
        while True:
            await act()
            await asyncio.sleep(LULL)

    def _look(self, path: str) -> Callable[[], Awaitable[Seen]]:
        return lambda: self._ask(path, "GET", path)

    async def _read(self) -> None:
        await self._ask(
            "read", "GET", "/api/v1/observations", token=self._dice.choice(self._members)["token"]
        )

    async def _write(self) -> None:
        draft = self._draft()
        body = json.dumps(draft.body).encode()
        answer = await self._ask("write", "PUT", draft.path, token=draft.token, body=body)
        if answer.status == 201:
            self.acknowledged.append(draft.client_id)

    async def _hang_up(self) -> None:
        draft = self._draft()
        request = written("PUT", draft.path, token=draft.token, body=json.dumps(draft.body).encode())
        await hang_up(self._port, request, after=self._dice.uniform(0, 0.4))

    def _draft(self) -> Draft:
        return a_draft(self._dice.choice(self._members), dice=self._dice, pictures=1)

    async def _ask(self, what: str, method: str, path: str, **request: str | bytes) -> Seen:
        began, status, retry_after = self.clock(), 0, ""
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await ask(self._port, method, path, **request)
                status, retry_after = answer.status, answer.headers.get("retry-after", "")
        except (NoAnswer, TimeoutError):
            pass
        self.seen.append(Seen(what, began, self.clock() - began, status, retry_after))
        return self.seen[-1]


def _judge_answers(seen: list[Seen], times: list[tuple[float, float]], outcome: Outcome) -> None:
    asked = [one for one in seen if one.what in ("read", "write")]
    lives = [one.took for one in seen if one.what == "/live"]
    meanwhile = [one for one in asked for began, ended in times if began < one.began < ended]
    unready = [_first(seen, "/ready", after=began, status=503) - began for began, _ in times]
    healed = [_first(seen, "write", after=ended, status=201) - ended for _, ended in times]
    calm = max((one.took for one in seen if one.ended < times[0][0]), default=0.0)
    longest = LONGEST + calm  # on a busy machine the rig itself is this late
    outcome.seen = {
        "answers_meanwhile": len(meanwhile),
        "longest_ms": _ms(max(one.took for one in seen)),
        "unready_after_ms": _ms(max(unready)),
        "healed_after_ms": _ms(max(healed)),
        "live_ms": _ms(max(lives)),
    }
    outcome.faults = {
        "hung": sum(one.took > longest or one.status == 0 for one in seen),
        "not_503": sum(one.status not in (200, 201, 503) for one in seen),
        "without_retry_after": sum(
            one.retry_after not in ("1", "2", "3") for one in seen if one.status == 503
        ),
        "no_answers_meanwhile": int(not meanwhile),
        "late_to_say_so": sum(after > READY for after in unready),
        "late_to_heal": sum(after > HEALED for after in healed),
        "stalled": sum(took > LONGEST / 3 for took in lives),
    }


async def _judge_what_is_left(
    database: asyncpg.Connection, acknowledged: list[str], outcome: Outcome
) -> None:
    kept = {str(row[0]) for row in await database.fetch("SELECT client_id FROM observation")}
    outcome.seen["acknowledged"] = len(acknowledged)
    outcome.faults["lost"] = len(set(acknowledged) - kept)
    outcome.faults["left_open"] = await _settled(database, LEFT_OPEN, seconds=HEALED)
    outcome.faults["leaked"] = max(0, await database.fetchval(LINES) - 2 * FOLLOWING)
    outcome.faults["jobs_left"] = await _settled(database, OPEN_JOBS, seconds=CATCH_UP)


async def _settled(database: asyncpg.Connection, question: str, *, seconds: float) -> int:
    """Wait for a count to reach zero; return what is left when the time is over."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while (left := await database.fetchval(question)) and clock() < until:
        await asyncio.sleep(0.2)
    return int(left)


def _first(seen: list[Seen], what: str, *, after: float, status: int) -> float:
    """Return when the first such answer to a later request came; if none came, a time far away."""
    found = [one.ended for one in seen if one.what == what and one.began > after and one.status == status]
    return min(found, default=after + 1000)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
