"""G16: the busy hour is calm, beside clients that dawdle over their headers and bodies."""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path

import asyncpg
from PIL import Image

from tests.rig.drafts import Draft, a_body, a_draft
from tests.rig.g1_acknowledged import caught_up
from tests.rig.g20_heals import LEFT_OPEN
from tests.rig.oracle import Oracle
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate, Program
from tests.rig.wire import NoAnswer, ask, form, written

REPORTS, PHOTOS, LISTS = 100, 50, 200  # a second, at a share of 1
SLOW_HEADS, SLOW_BODIES = 800, 200  # clients beside them
DAWDLE = 5.0  # seconds between two bytes of theirs
SLOWEST = 1.0  # seconds, for 99 of 100
MOST_MEMORY, MOST_GROWTH = 300, 5  # MB of a process, and percent over the last three fifths
PATIENCE = 20.0
EACH = 40  # reports of one member: sixty an hour are allowed
PICTURES = 40  # different ones, which many send


async def busy_hour(
    *,
    seconds: float,
    share: float,
    seed: int,
    slow: float = 1.0,
    slowest: float = SLOWEST,
    change: tuple[str, ...] = (),
) -> Outcome:
    """Send a share of the busiest hour for some seconds, with a share of the slow clients beside it."""
    dice, outcome = random.Random(seed), Outcome("G16", seed)
    async with Estate(servers=2, change=change) as estate:
        members = (await estate.found(max(20, round(REPORTS * share * seconds / EACH))))[:-1]
        hour = _Hour(estate, members, dice=dice)
        async with _dawdling(estate, share=slow, dice=dice) as dawdlers:
            memory = await hour.pass_by(seconds, share=share)
            outcome.seen["slow_clients"] = sum(not one.done() for one in dawdlers)
        database = await asyncpg.connect(estate.database_url)
        try:
            outcome.seen["caught_up_after"] = await caught_up(database)
            breaches = await Oracle(database, environment=estate.environment).judge(hour.drafts)
            left_open = await database.fetchval(LEFT_OPEN)
        finally:
            await database.close()
    hour.judge(outcome, slowest=slowest)
    outcome.seen["memory_mb"] = round(max(map(max, memory)))
    outcome.faults |= {
        "too_large": sum(max(one) > MOST_MEMORY for one in memory),
        "grew": sum(_growth(one) > MOST_GROWTH for one in memory) if seconds >= 60 else 0,
        "left_open": left_open,
        **{name: len(found) for name, found in breaches.items()},
    }
    outcome.notes += [
        f"{name}: {', '.join(map(str, found[:5]))}" for name, found in breaches.items() if found
    ]
    return outcome


class _Hour:
    """Requests that come at their times, however long the earlier ones take."""

    def __init__(self, estate: Estate, members: list[dict[str, str]], *, dice: random.Random) -> None:
        self._estate, self._members, self._dice = estate, members, dice
        self._pictures = [_a_picture(dice) for _ in range(PICTURES)]
        self._owed: list[tuple[Draft, str]] = []  # photos of acknowledged reports
        self._took: dict[str, list[float]] = {"report": [], "photo": [], "list": []}
        self._wrong: Counter[str] = Counter()
        self.drafts: list[Draft] = []

    async def pass_by(self, seconds: float, *, share: float) -> list[list[float]]:
        """Send everything; return the memory of each server in MB, looked at twenty times."""
        rates = ((self._report, REPORTS), (self._photo, PHOTOS), (self._list, LISTS))
        memory: list[list[float]] = [[] for _ in self._estate.servers]
        async with asyncio.TaskGroup() as every:
            for act, rate in rates:
                every.create_task(self._keep_on(act, rate * share, seconds))
            for _ in range(20):
                await asyncio.sleep(seconds / 20)
                for seen, server in zip(memory, self._estate.servers, strict=True):
                    seen.append(_memory_mb(server))
        return memory

    async def _keep_on(self, act: Callable[[], Awaitable[None]], rate: float, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.TaskGroup() as every:
            for number in range(round(rate * seconds)):
                await asyncio.sleep(max(0.0, began + number / rate - clock()))
                every.create_task(act())

    async def _report(self) -> None:
        member = self._members[len(self.drafts) % len(self._members)]
        draft = a_draft(member, dice=self._dice, pictures=1)
        draft.pictures = dict([self._dice.choice(self._pictures)])
        draft.body = a_body(draft.pictures, dice=self._dice)
        self.drafts.append(draft)
        answer = await self._ask(
            "report", "PUT", draft.path, draft.token, body=json.dumps(draft.body).encode()
        )
        if answer:
            draft.receipts.append(answer)
            self._owed += [(draft, digest) for digest in draft.pictures]  # half of them are never sent

    async def _photo(self) -> None:
        if not self._owed:
            return
        draft, digest = self._owed.pop(0)
        request = form(draft.pictures[digest])
        if await self._ask("photo", "POST", f"/api/v1/photos/{digest}", draft.token, **request):
            draft.kept.add(digest)

    async def _list(self) -> None:
        await self._ask("list", "GET", "/api/v1/observations", self._dice.choice(self._members)["token"])

    async def _ask(
        self, what: str, method: str, path: str, token: str, **request: bytes | str
    ) -> dict[str, str]:
        """Return a good answer; count any other, and one that does not come."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await ask(self._estate.any_port(self._dice), method, path, token=token, **request)
        except (NoAnswer, TimeoutError) as error:
            self._wrong[type(error).__name__] += 1
            return {}
        self._took[what].append(clock() - began)
        if answer.status not in (200, 201):
            self._wrong[str(answer.status)] += 1
            return {}
        told: dict[str, str] = answer.json()
        return told

    def judge(self, outcome: Outcome, *, slowest: float) -> None:
        """Say how many requests there were, how long 99 of 100 took, and how many went wrong."""
        for what, took in self._took.items():
            most = sorted(took)[max(0, round(0.99 * len(took)) - 1)] if took else PATIENCE
            outcome.seen |= {f"{what}s": len(took), f"{what}_p99_ms": round(1000 * most)}
            outcome.faults[f"{what}s_slow"] = int(most > slowest)
        outcome.faults["errors"] = self._wrong.total()
        outcome.notes += [f"answers: {dict(self._wrong)}"] if self._wrong else []


@asynccontextmanager
async def _dawdling(
    estate: Estate, *, share: float, dice: random.Random
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Keep slow clients connected, each to a server of its choice; one that is sent away comes back."""
    whole = written("PUT", f"/api/v1/observations/{'0' * 8}", token="x", body=b"{" + b" " * 4000)
    head_ends = whole.index(b"\r\n\r\n") + 4
    first = [whole[: head_ends // 2]] * round(SLOW_HEADS * share)
    first += [whole[: head_ends + 10]] * round(SLOW_BODIES * share)
    clients = [asyncio.create_task(_dawdle(estate.any_port(dice), whole, begun)) for begun in first]
    try:
        yield clients
    finally:
        for one in clients:
            one.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def _dawdle(port: int, whole: bytes, begun: bytes) -> None:
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(begun)
                for at in range(len(begun), len(whole)):
                    await asyncio.sleep(DAWDLE)
                    writer.write(whole[at : at + 1])
                    await writer.drain()
            finally:
                writer.transport.abort()


def _memory_mb(server: Program) -> float:
    words = Path(f"/proc/{server.pid}/status").read_text().partition("VmRSS:")[2].split()
    return int(words[0]) / 1024


def _growth(seen: list[float]) -> float:
    """Return the growth over the last three fifths, in percent: the median of its last quarter over its first."""
    last = seen[-round(len(seen) * 0.6) :]
    quarter = max(1, len(last) // 4)
    begin, end = sorted(last[:quarter]), sorted(last[-quarter:])
    return 100 * (end[len(end) // 2] / begin[len(begin) // 2] - 1)


def _a_picture(dice: random.Random) -> tuple[str, bytes]:
    """Return a picture of noise of about 300 KB with its digest."""
    out = BytesIO()
    Image.frombytes("RGB", (640, 480), dice.randbytes(640 * 480 * 3)).save(out, "JPEG", quality=80)
    return hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue()
