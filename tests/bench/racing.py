"""Lists against peers: `scripts/bench racing [rounds] [seconds]` lets the product, raw asyncpg and FastAPI take turns.

All three answer the ledger's first 20 of 20,000 items to the same signed-in person (tests/bench/peers), from one
database, to sixteen connections; first their answers are compared. Medians of each are told with the ratios that the
issue asks for; the last line is `N of M goals met`.
"""

import argparse
import asyncio
import hashlib
import itertools
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg

from models.vocabulary import LedgerState
from server.kernel.workdays import Calendar
from server.ledger.states import ENDED
from server.ledger.status_light import LAG_PERCENT, SOON_DAYS
from server.trial.looking import free_port
from tests.bench.asking import Line
from tests.bench.cities import FOLDER, ROOT, City, cities
from tests.rig.servers import Program

ITEMS, CONNECTIONS = 20_000, 16
LIST = "/api/v1/ledger-items?limit=20"
PEERS = Path(__file__).parent / "peers"
LOCK = ROOT / "scripts" / "requirements-bench.lock"
RACERS = 400  # people, so that nobody asks more often than a person may
STAFF = """
WITH one AS (SELECT p, d FROM duty d JOIN person p ON p.id = d.person_id
    WHERE d.role = 'office_staff' AND d.scope = 'all' ORDER BY d.id LIMIT 1),
  made AS (SELECT unnest($1::uuid[]) AS id),
  duties AS (INSERT INTO duty SELECT r.* FROM one, made, jsonb_populate_record(one.d, jsonb_build_object(
    'id', gen_random_uuid(), 'person_id', made.id)) r)
INSERT INTO person SELECT r.* FROM one, made, jsonb_populate_record(one.p, jsonb_build_object(
  'id', made.id, 'designation', '参赛人')) r
"""
SIGN_IN = """
INSERT INTO session (id, person_id, token_hash, channel, device, created_at, seen_at, ends_at)
SELECT gen_random_uuid(), person.id, hash, 'phone', '', now(), now(), now() + interval '8 hours'
FROM unnest($1::uuid[], $2::text[]) AS person(id, hash)
"""
GOALS = {"raw asyncpg": 0.6, "FastAPI": 2.3}  # ours divided by theirs


@dataclass
class Runner:
    """A server that answers the list, and how many lists a second it gave in each round."""

    name: str
    port: int
    rates: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rates)


def peers_python() -> str:
    """Return the Python of the peers' own environment, made from its lock file when that is new."""
    folder = FOLDER / "peers"
    made = folder / LOCK.name
    if not made.exists() or made.read_bytes() != LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        words = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
        subprocess.run([folder / "bin" / "python", *words], check=True)
        made.write_bytes(LOCK.read_bytes())
    return str(folder / "bin" / "python")


def facts() -> Path:
    """Write what peers need to know of states and working days."""
    first, calendar = date(2020, 1, 1), Calendar()
    days = [calendar.between(first, first + timedelta(days=day)) for day in range(12 * 365)]
    told = {
        "first": first.isoformat(),
        "days": days,
        "labels": {state.value: state.label for state in LedgerState},
        "ended": [state.value for state in ENDED],
        "soon": SOON_DAYS,
        "lag": LAG_PERCENT,
    }
    path = FOLDER / "facts.json"
    path.write_text(json.dumps(told, ensure_ascii=False))
    return path


@contextmanager
def running(city: City) -> Iterator[list[Runner]]:
    """Run the product and both peers on one city."""
    with ExitStack() as stack:
        ours = Runner("ours", free_port(), [])
        words = ("server.commands.serve", "--port", str(ours.port))
        server = Program(*words, environment=city.environment, log=FOLDER / "server.log", port=ours.port)
        server.start()
        stack.callback(server.kill)
        runners = [ours]
        for name, python, file in (
            ("raw asyncpg", sys.executable, "raw_list.py"),
            ("FastAPI", peers_python(), "fastapi_list.py"),
        ):
            runner = Runner(name, free_port(), [])
            told = {"DATABASE_URL": city.database_url, "FACTS": str(facts()), "PORT": str(runner.port)}
            process = subprocess.Popen([python, PEERS / file], env=os.environ | told)
            stack.callback(process.wait)
            stack.callback(process.kill)
            runners.append(runner)
        yield runners


async def racers(city: City) -> list[str]:
    """Return the tokens of many signed-in staff of the office, who are added to the city once."""
    line = await asyncpg.connect(city.database_url, server_settings={"session_replication_role": "replica"})
    people = [row["id"] for row in await line.fetch("SELECT id FROM person WHERE designation = '参赛人'")]
    if not people:
        people = [uuid4() for _ in range(RACERS)]
        await line.execute(STAFF, people)
    tokens = [secrets.token_urlsafe(32) for _ in people]
    await line.execute(SIGN_IN, people, [hashlib.sha256(one.encode()).hexdigest() for one in tokens])
    await line.close()
    return tokens


async def answer_of(runner: Runner, token: str) -> dict[str, object]:
    """Return a runner's list as soon as it serves."""
    until = time.monotonic() + 60
    while True:
        line = Line(runner.port, Authorization=f"Bearer {token}")
        try:
            answer: dict[str, object] = json.loads((await line.get(LIST)).body)
            return answer
        except (OSError, asyncio.IncompleteReadError):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)
        finally:
            line.close()


async def rate(runner: Runner, tokens: list[str], *, seconds: float) -> float:
    """Return how many lists a second sixteen connections get, each in the name of one person after another."""
    until, got, turn = time.perf_counter() + seconds, 0, itertools.cycle(tokens)

    async def ask() -> None:
        nonlocal got
        line = Line(runner.port)
        while time.perf_counter() < until:
            await line.get(LIST, Authorization=f"Bearer {next(turn)}")
            got += 1
        line.close()

    begun = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return got / (time.perf_counter() - begun)


async def race(city: City, *, rounds: int, seconds: float) -> list[Runner]:
    """Let the three take turns; they must give the same list."""
    tokens = await racers(city)
    with running(city) as runners:
        answers = [await answer_of(one, tokens[0]) for one in runners]
        if any(one != answers[0] for one in answers):
            raise SystemExit("the answers differ, so their speed says nothing")
        for one in runners:
            await rate(one, tokens, seconds=1)
        for _ in range(rounds):
            for one in runners:
                one.rates.append(await rate(one, tokens, seconds=seconds))
    return runners


def verdict(ours: Runner, peers: list[Runner]) -> list[bool]:
    """Print each peer's figures beside ours, and return which goals are met."""
    met = []
    sys.stdout.write(
        "| peer | lists/s | ours | ours / peer | goal | |\n| --- | ---: | ---: | ---: | ---: | --- |\n"
    )
    for peer in peers:
        ratio, goal = ours.median / peer.median, GOALS[peer.name]
        met.append(ratio >= goal)
        words = (
            f"{peer.median:.0f} | {ours.median:.0f} | {ratio:.2f} | {goal} | {'met' if met[-1] else 'MISSED'}"
        )
        sys.stdout.write(f"| {peer.name} | {words} |\n")
    return met


def main() -> None:
    """Race, and say how many goals are met."""
    parser = argparse.ArgumentParser(prog="scripts/bench racing", description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("seconds", nargs="?", type=float, default=4)
    asked = parser.parse_args()
    with cities() as world:
        city = asyncio.run(world.of(ITEMS))
        ours, *peers = asyncio.run(race(city, rounds=asked.rounds, seconds=asked.seconds))
    met = verdict(ours, peers)
    sys.stdout.write(f"{sum(met)} of {len(met)} goals met\n")


if __name__ == "__main__":
    main()
