"""Compares pages and lists with their goals: `scripts/bench compare [items …]`, by default 20000 200000 1000000.

One server on one city at a time (tests/bench/cities.py); each address is asked TIMES times on a warm connection after
one cold time, the median is told. While a page is asked once more, `/live` is asked every 10 ms: the worst answer is
what the page does to everybody else. The last line is `N of M goals met`; timings are no tests, they depend on the
machine and on what else it does.
"""

import argparse
import asyncio
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from server.trial.looking import free_port
from tests.bench.asking import Line
from tests.bench.cities import FOLDER, Cities, City, cities
from tests.rig.servers import Program

TIMES = 7
WORST_LIVE_MS = 50
MOST_MEMORY_MB = 200
FIRST_REQUEST_MS = 60
LIST = "/api/v1/ledger-items?limit=20"
SIZES = (20_000, 200_000, 1_000_000)


@dataclass(frozen=True)
class Asked:
    """A page or list: its name, who asks, its address, and the milliseconds it may take by the number of items."""

    name: str
    who: str
    path: str
    goals: dict[int, float]


ASKED = (
    Asked("cockpit", "desk", "/console/cockpit", {20_000: 150, 200_000: 400}),
    Asked("map", "desk", "/console/map", {20_000: 200, 200_000: 500}),
    Asked("home at the desk", "desk", "/console", {200_000: 100}),
    Asked("review queue", "desk", "/console/review/list", {200_000: 60}),
    Asked("review queue with a report", "desk", "/console/review", {}),
    Asked("ledger at the desk", "desk", "/console/ledger", {}),
    Asked("ledger list", "staff", LIST, {}),
    Asked("search with one hit", "staff", f"{LIST}&q={quote('第777件')}", {1_000_000: 30}),
    Asked("list near the end", "staff", f"{LIST}&cursor={{deep}}", {1_000_000: 30}),
    Asked("yellow lights", "staff", f"{LIST}&light=yellow", {1_000_000: 60}),
    Asked("green lights", "staff", f"{LIST}&light=green", {1_000_000: 60}),
    Asked("closed late", "staff", f"{LIST}&kept=late", {1_000_000: 60}),
    Asked("list of a commissioner", "commissioner", LIST, {1_000_000: 40}),
    Asked("list of a unit", "contact", LIST, {}),
)


@dataclass(frozen=True)
class Measured:
    """One line of the table; `goal` is None where only the figure is told."""

    items: int
    name: str
    figure: float
    unit: str
    goal: float | None

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.figure <= self.goal

    def __str__(self) -> str:
        verdict = "" if self.goal is None else f"| {self.goal:g} | {'met' if self.is_met else 'MISSED'}"
        return f"| {self.items:,} | {self.name} | {self.figure:.1f} {self.unit} {verdict or '| | '} |"


async def of_city(city: City, items: int) -> list[Measured]:
    """Measure one server from its first request to its memory after every page."""
    port = free_port()
    words = ("server.commands.serve", "--port", str(port))
    server = Program(*words, environment=city.environment, log=FOLDER / "server.log", port=port)
    server.start()
    try:
        while not await server.is_ready():
            await asyncio.sleep(0.1)
        deep, found = await _deep(city), []
        first = await _line(city, "desk", port).get("/console/ledger?limit=1")
        found.append(told(items, "first request after a start", first.first_byte_ms, "ms", FIRST_REQUEST_MS))
        for asked in ASKED:
            found += await of_page(
                city, asked, port=port, items=items, path=asked.path.replace("{deep}", deep)
            )
        most = MOST_MEMORY_MB if items == 200_000 else None
        return [*found, told(items, "memory after all pages", memory_mb(server), "MB", most)]
    finally:
        server.kill()


async def of_page(city: City, asked: Asked, *, port: int, items: int, path: str) -> list[Measured]:
    """Measure one address, and what asking it does to others."""
    line = _line(city, asked.who, port)
    try:
        await line.get(path)
        spent = [(await line.get(path)).first_byte_ms for _ in range(TIMES)]
        worst = await _worst_beside(line, path, port=port)
    except RuntimeError as error:
        sys.stdout.write(f"{error}\n")
        return [told(items, asked.name, float("inf"), "ms", asked.goals.get(items, 5000))]
    finally:
        line.close()
    return [
        told(items, asked.name, statistics.median(spent), "ms", asked.goals.get(items)),
        told(items, f"worst /live beside {asked.name}", worst, "ms", WORST_LIVE_MS),
    ]


async def _worst_beside(line: Line, path: str, *, port: int) -> float:
    live, waits, is_over = Line(port), [0.0], asyncio.Event()

    async def beat() -> None:
        while not is_over.is_set():
            waits.append((await live.get("/live")).first_byte_ms)
            await asyncio.sleep(0.01)

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0.1)
    waits.clear()
    await line.get(path)
    await asyncio.sleep(0.05)  # so that a page quicker than a beat has one too
    is_over.set()
    await beating
    live.close()
    return max(waits)


def told(items: int, name: str, figure: float, unit: str, goal: float | None) -> Measured:
    """Print a line of the table as soon as it is known."""
    line = Measured(items, name, figure, unit, goal)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return line


def memory_mb(server: Program) -> float:
    """Return the resident memory of a program."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _line(city: City, who: str, port: int) -> Line:
    token = city.tokens[who]
    is_desk = who == "desk"
    return Line(
        port, **({"Cookie": f"__Host-console={token}"} if is_desk else {"Authorization": f"Bearer {token}"})
    )


async def _deep(city: City) -> str:
    """Return the id of an item near the end of the list."""
    line = await asyncpg.connect(city.database_url)
    found = await line.fetchval("SELECT id FROM ledger_item ORDER BY registered_at, id OFFSET 400 LIMIT 1")
    await line.close()
    return str(found)


async def measure(sizes: list[int], world: Cities) -> list[Measured]:
    """Measure each size on its own server."""
    found = []
    for items in sizes:
        found += await of_city(await world.of(items), items)
    return found


def main() -> None:
    """Print the table, and how many goals are met."""
    parser = argparse.ArgumentParser(prog="scripts/bench compare", description=__doc__)
    parser.add_argument("items", nargs="*", type=int, default=list(SIZES))
    with cities() as world:
        sys.stdout.write("| items | what | figure | goal | |\n| ---: | --- | ---: | ---: | --- |\n")
        found = asyncio.run(measure(parser.parse_args().items, world))
    goals = [one for one in found if one.goal is not None]
    sys.stdout.write(f"{sum(one.is_met for one in goals)} of {len(goals)} goals met\n")


if __name__ == "__main__":
    main()
