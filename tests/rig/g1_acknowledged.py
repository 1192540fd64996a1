"""G1: what was acknowledged is never lost, doubled or altered, whatever is killed in the meantime."""

import asyncio
import random
from collections.abc import Iterator
from itertools import cycle

import asyncpg

from tests.rig.drafts import Draft, a_draft
from tests.rig.oracle import Oracle
from tests.rig.outcome import Outcome
from tests.rig.phones import Phone
from tests.rig.servers import Estate, Program

MEMBERS = 40
CLIENTS = 20
LULL = 0.4  # seconds at most between two reports of a client
SERVER_LIVES = (0.5, 3.5)  # seconds between two kills of servers
WORKER_LIVES = (1.5, 5.0)
ALL_AT_ONCE = 0.15  # share of kills that hit all servers
# Share of kills that wait until one is ready again; the others hit programs that are still starting.
PATIENT = 0.8
FINISH_SECONDS = 90  # for the phones to finish what they began
CATCH_UP_SECONDS = 150  # a dead worker's jobs go to its successor after some time

OPEN_JOBS = "SELECT count(*) FROM pgqueuer WHERE status <> 'failed'"


async def acknowledged(*, seconds: float, seed: int, pulls: int = 4) -> Outcome:
    """Send reports for `seconds` while servers and worker are killed and the database crashes."""
    async with Estate(servers=2) as estate:
        return await trial(estate, seconds=seconds, seed=seed, pulls=pulls)


async def trial(
    estate: Estate, *, seconds: float, seed: int, pulls: int, drafts: list[Draft] | None = None
) -> Outcome:
    """Run the trial on an estate that stays open; `drafts` is filled with everything sent."""
    dice = random.Random(seed)
    outcome = Outcome("G1", seed)
    drafts = [] if drafts is None else drafts
    members = cycle((await estate.found(MEMBERS))[:-1])
    phones = [Phone(estate, dice=_die(dice)) for _ in range(CLIENTS)]
    clients = [
        asyncio.create_task(_report(phone, drafts, members=members, seconds=seconds, dice=_die(dice)))
        for phone in phones
    ]
    server_deaths, worker_deaths, pulled = await asyncio.gather(
        _kill(estate.servers, lives=SERVER_LIVES, seconds=seconds, dice=_die(dice)),
        _kill(estate.workers, lives=WORKER_LIVES, seconds=seconds, dice=_die(dice)),
        _pull(estate, times=pulls, seconds=seconds, dice=_die(dice)),
    )
    estate.start_all()
    await estate.ready()
    await asyncio.wait(clients, timeout=FINISH_SECONDS)
    stuck = [client for client in clients if not client.done() or client.exception()]
    outcome.notes += [repr(client.exception()) for client in stuck if client.done()]
    for client in clients:
        client.cancel()

    database = await asyncpg.connect(estate.database_url)
    try:
        waited = await caught_up(database)
        breaches = await Oracle(database, environment=estate.environment).judge(drafts)
    finally:
        await database.close()
    outcome.seen = {
        "acknowledged": sum(bool(draft.receipts) for draft in drafts),
        "photos_kept": sum(len(draft.kept) for draft in drafts),
        "server_kills": server_deaths,
        "worker_kills": worker_deaths,
        "database_crashes": pulled,
        "caught_up_after": waited,
    }
    outcome.faults = {"stuck_phones": len(stuck), "answers_500": sum(len(one.our_faults) for one in phones)}
    outcome.faults |= {name: len(found) for name, found in breaches.items()}
    outcome.notes += [f"{name}: {', '.join(found[:5])}" for name, found in breaches.items() if found]
    return outcome


def _die(dice: random.Random) -> random.Random:
    """Return separate dice, so that one task's throws do not depend on the others."""
    return random.Random(dice.randrange(2**32))


async def _report(
    phone: Phone,
    drafts: list[Draft],
    *,
    members: Iterator[dict[str, str]],
    seconds: float,
    dice: random.Random,
) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        draft = a_draft(next(members), dice=dice)
        drafts.append(draft)
        await phone.send(draft)
        await asyncio.sleep(dice.uniform(0, LULL))


async def _kill(
    programs: list[Program], *, lives: tuple[float, float], seconds: float, dice: random.Random
) -> int:
    """Kill one of these programs, or all at once, repeatedly; return how many died."""
    loop = asyncio.get_running_loop()
    until, deaths = loop.time() + seconds, 0
    while loop.time() < until:
        is_patient = dice.random() < PATIENT
        while is_patient and loop.time() < until and not await _any_ready(programs):
            await asyncio.sleep(0.1)
        await asyncio.sleep(dice.uniform(*lives))
        for victim in programs if dice.random() < ALL_AT_ONCE else [dice.choice(programs)]:
            deaths += victim.kill()
            victim.start()
    return deaths


async def _any_ready(programs: list[Program]) -> bool:
    return any([await program.is_ready() for program in programs])


async def _pull(estate: Estate, *, times: int, seconds: float, dice: random.Random) -> int:
    """Crash the database `times` times, spread over the run; return how often."""
    for _ in range(times):
        await asyncio.sleep(dice.uniform(0.3, 0.9) * seconds / times)
        await asyncio.to_thread(estate.postgres.restart_immediately)
    return times


async def caught_up(database: asyncpg.Connection) -> int:
    """Wait until the worker has nothing left to do; return the seconds it took."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    while await database.fetchval(OPEN_JOBS) and loop.time() - started < CATCH_UP_SECONDS:
        await asyncio.sleep(0.2)
    return round(loop.time() - started)
