"""Measures a hall that scores: `scripts/bench visits [--observers 500] [--seconds 60] [--stops 1] [--listeners 200]`.

One running server and the bench share the machine. Each observer checks in, and then at each stop saves two drafts and
submits, spread over the time. Prints p50, p95 and p99 of the answers and of the board's delay (from sending a
submission to its count on a screen), and compares acknowledged ballots with the rows. Exits with 1 if one was lost.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from server.fake_wechat.loopback import loopback
from tests.rig.boards import CRITERIA, Screen, ballot, check_in, screens
from tests.rig.servers import Estate

CHECKING_IN_AT_ONCE = 20
ROWS = "SELECT digest FROM ballot WHERE state = 'submitted'"


@dataclass
class Measured:
    """What the hall saw: seconds of each kind of answer, statuses, and who was acknowledged when."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    digests: set[str] = field(default_factory=set)
    sent: list[float] = field(default_factory=list)  # of submissions, in order of acknowledgement

    async def ask(self, kind: str, request: Any) -> httpx.Response:
        began = time.perf_counter()
        answer: httpx.Response = await request
        self.spent.setdefault(kind, []).append(time.perf_counter() - began)
        self.statuses[kind, answer.status_code] += 1
        if kind == "submission" and answer.status_code == 200:
            self.digests.add(answer.json()["digest"])
            self.sent.append(began)
        return answer


async def hold(estate: Estate, options: argparse.Namespace) -> tuple[Measured, list[float], int]:
    """Hold a visit; return what was measured, the board's delays, and how many submissions have no row."""
    visit = json.loads(
        await estate.run("tests.rig.founding_visits", str(options.observers), str(options.stops))
    )
    measured, chance = Measured(), random.Random(7)
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    url = f"http://127.0.0.1:{estate.port(0)}/api/v1/site-visits/{visit['visit']}/stops/"
    async with loopback(base_url=url, timeout=30, limits=limits) as client:
        await come(client, visit, measured)
        async with screens(estate, visit["link"], on=[0] * options.listeners) as watched:
            await asyncio.gather(
                *(
                    score(client, stop, token, measured, pauses=pauses(chance, options.seconds))
                    for token in visit["tokens"]
                    for stop in visit["stops"]
                )
            )
            total = len(measured.sent)
            for one in watched:
                await one.sees(lambda state: submitted(state) >= total)
    database = await asyncpg.connect(estate.database_url)
    rows = {row["digest"] for row in await database.fetch(ROWS)}
    await database.close()
    wanted = options.observers * options.stops
    lost = len(measured.digests - rows) + abs(len(rows) - wanted)
    return measured, delays(measured.sent, watched), lost


async def come(client: httpx.AsyncClient, visit: dict[str, Any], measured: Measured) -> None:
    """Check everybody in everywhere, before the time is measured."""
    turns = asyncio.Semaphore(CHECKING_IN_AT_ONCE)

    async def one(token: str, stop: str) -> None:
        async with turns:
            path, told = f"{stop}/check-ins", {"authorization": f"Bearer {token}"}
            await measured.ask("check-in", client.post(path, json=check_in(), headers=told))

    await asyncio.gather(*(one(token, stop) for token in visit["tokens"] for stop in visit["stops"]))


async def score(
    client: httpx.AsyncClient, stop: str, token: str, measured: Measured, *, pauses: Sequence[float]
) -> None:
    """Save two drafts and submit, each at its moment."""
    told, version = {"authorization": f"Bearer {token}"}, 0
    for number, pause in enumerate(pauses):
        await asyncio.sleep(pause)
        is_last = number == len(pauses) - 1
        kind, filled = ("submission", CRITERIA) if is_last else ("draft", number + 1)
        body = ballot(70 + number, base=version, state="submitted" if is_last else "draft", filled=filled)
        answer = await measured.ask(kind, client.put(f"{stop}/ballot", json=body, headers=told))
        if answer.status_code == 200:
            version = answer.json()["version"]


def pauses(chance: random.Random, seconds: float) -> list[float]:
    """Return the pauses before two drafts and a submission, together within the time."""
    moments = sorted(chance.uniform(0, seconds) for _ in range(3))
    return [moments[0], moments[1] - moments[0], moments[2] - moments[1]]


def submitted(state: dict[str, Any]) -> int:
    """Return how many ballots a board's state counts."""
    return sum(int(stop["submitted"]) for stop in state["stops"])


def delays(sent: Sequence[float], watched: Sequence[Screen]) -> list[float]:
    """Return, for every screen and submission, the seconds until the count that holds it was on the screen."""
    found = []
    for screen in watched:
        states = iter(screen.states)
        came, state = next(states)
        for number, began in enumerate(sent, start=1):
            while submitted(state) < number:
                came, state = next(states)
            found.append(max(0.0, came - began))
    return found


def told(name: str, spent: Sequence[float]) -> str:
    """Return one line of percentiles, in milliseconds."""
    cut = statistics.quantiles(spent, n=100)
    figures = "  ".join(
        f"{label} {cut[at] * 1000:7.1f}" for label, at in (("p50", 49), ("p95", 94), ("p99", 98))
    )
    return f"{name:12} {figures}  max {max(spent) * 1000:7.1f} ms  n={len(spent)}"


async def main(options: argparse.Namespace) -> int:
    """Print the figures; return 1 if a ballot was lost or refused."""
    async with Estate(servers=1, worker=True) as estate:
        measured, seen, lost = await hold(estate, options)
    lines = [told(kind, spent) for kind, spent in measured.spent.items()]
    if seen:
        lines.append(told("board", seen))
    refused = {f"{kind} {status}": n for (kind, status), n in measured.statuses.items() if status != 200}
    lines.append(f"ballots acknowledged {len(measured.digests)}, lost {lost}, refused {refused or 0}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if lost or refused else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--stops", type=int, default=1)
    parser.add_argument("--listeners", type=int, default=200)
    sys.exit(asyncio.run(main(parser.parse_args())))
