"""G5: on a full disk everything is kept or clearly refused, and the office recovers by itself once there is room."""

import asyncio
import hashlib
import json
import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from PIL import Image

from tests.rig.drafts import Draft, a_body, a_draft
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.small_disk import SmallDisk, small_disk
from tests.rig.wire import Answer, ask, form

MEMBERS = 24
LEFT_FOR_PHOTOS = 2_000_000  # bytes: a few photos and their renditions still fit
REFUSALS = 4  # then the disk counts as full
MOST_TRIES = 200
HEALED = 10.0  # seconds after there is room again
CATCH_UP = 60.0  # seconds until the worker has made up for what it could not write
NO_ROOM = "空间不足"

MOVED = ("observation", "journal_entry")  # tables on the disk that fills up
DONE = "SELECT count(*) FROM photo WHERE state <> 'stored'"


async def full_disk(*, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Fill the disk under the photos, then the one under the tables, each under load, and make room again."""
    outcome = Outcome("G5", seed)
    with tempfile.TemporaryDirectory(prefix="duchatong-disk-") as folder:
        Path(folder).chmod(0o755)  # the database has its own account
        with small_disk(Path(folder) / "disk") as disk:
            storage = disk.place / "storage"
            async with Estate(servers=1, change=change, more={"STORAGE_URL": storage.as_uri()}) as estate:
                trial = _Trial(estate, disk, dice=random.Random(seed))
                await trial.begin()
                try:
                    await trial.photos_without_room(outcome)
                    await trial.tables_without_room(outcome)
                    await trial.judge(outcome)
                finally:
                    await trial.end()
    return outcome


class _Trial:
    """One estate on one disk, and what was sent, acknowledged and refused."""

    def __init__(self, estate: Estate, disk: SmallDisk, *, dice: random.Random) -> None:
        self._estate, self._disk, self._dice, self._port = estate, disk, dice, estate.port(0)
        self._answers: list[Answer] = []
        self._acknowledged: set[str] = set()
        self._pictures = 0

    async def begin(self) -> None:
        self._members: Iterator[dict[str, str]] = cycle((await self._estate.found(MEMBERS))[:-1])
        self._database = await asyncpg.connect(self._estate.database_url)
        tables = self._disk.place / "tables"
        tables.mkdir(mode=0o700)
        owner = self._estate.postgres_data.stat()
        os.chown(tables, owner.st_uid, owner.st_gid)
        name = urlsplit(self._estate.database_url).path.lstrip("/")
        self._estate.postgres.run(f"CREATE TABLESPACE small LOCATION '{tables}'", database=name)
        for table in MOVED:
            await self._database.execute(f"ALTER TABLE {table} SET TABLESPACE small")

    async def end(self) -> None:
        await self._database.close()

    async def photos_without_room(self, outcome: Outcome) -> None:
        """Check that text is accepted and photos are kept or refused; later every photo is kept."""
        self._disk.fill(leave=LEFT_FOR_PHOTOS)
        ready = await self._ask("GET", "/ready")
        refused: list[tuple[Draft, str]] = []
        kept = words_refused = 0
        for _ in range(MOST_TRIES):
            draft = _with_a_large_picture(next(self._members), dice=self._dice)
            words_refused += (await self._send(draft)).status != 201
            (digest,) = draft.pictures
            is_kept = (await self._upload(draft, digest)).status in (200, 201)
            kept += is_kept
            refused += [] if is_kept else [(draft, digest)]
            if len(refused) >= REFUSALS:
                break
        left_over = sum(path.is_file() for path in (self._disk.place / "storage/.staging").rglob("*"))
        self._disk.make_room()
        healed = await _soon(lambda: self._are_kept(refused))
        self._pictures = kept + len(refused)
        outcome.seen |= {"photos_kept": kept, "photos_refused": len(refused)}
        outcome.faults |= {
            "ready_on_a_full_disk": int(ready.status != 503 or NO_ROOM not in ready.body.decode()),
            "words_refused_for_photos": words_refused,
            "never_full": int(len(refused) < REFUSALS),
            "half_photos_left": left_over,
            "photos_not_healed": int(not healed),
        }

    async def tables_without_room(self, outcome: Outcome) -> None:
        """Check that reports are accepted whole or refused, and stay readable; later each is accepted."""
        self._disk.fill(leave=0)
        refused: list[Draft] = []
        for _ in range(MOST_TRIES):
            draft = a_draft(next(self._members), dice=self._dice, pictures=1)
            if (await self._send(draft)).status != 201:
                refused.append(draft)
            if len(refused) >= REFUSALS:
                break
        token = next(self._members)["token"]
        reading = await self._ask("GET", "/api/v1/observations", token=token)
        self._disk.make_room()
        healed = await _soon(lambda: self._are_taken(refused))
        outcome.seen |= {"reports_refused": len(refused)}
        outcome.faults |= {
            "tables_never_full": int(len(refused) < REFUSALS),
            "reading_refused": int(reading.status != 200),
            "reports_not_healed": int(not healed),
        }

    async def judge(self, outcome: Outcome) -> None:
        rows = {str(row[0]) for row in await self._database.fetch("SELECT client_id FROM observation")}
        planned = {200, 201, 503, 507}
        no = [one for one in self._answers if one.status in (503, 507)]
        outcome.seen |= {"acknowledged": len(self._acknowledged)}
        outcome.faults |= {
            "unplanned_answers": sum(one.status not in planned for one in self._answers),
            "refused_without_words": sum(NO_ROOM not in one.body.decode() for one in no),
            "lost": len(self._acknowledged - rows),
            "unrendered": int(not await _soon(self._are_developed, seconds=CATCH_UP)),
        }

    async def _are_kept(self, refused: list[tuple[Draft, str]]) -> bool:
        return all([(await self._upload(draft, digest)).status in (200, 201) for draft, digest in refused])

    async def _are_taken(self, refused: list[Draft]) -> bool:
        return all([(await self._send(draft)).status in (200, 201) for draft in refused])

    async def _are_developed(self) -> bool:
        return bool(await self._database.fetchval(DONE) >= self._pictures)

    async def _send(self, draft: Draft) -> Answer:
        body = json.dumps(draft.body).encode()
        answer = await self._ask("PUT", draft.path, token=draft.token, body=body)
        if answer.status in (200, 201):
            self._acknowledged.add(draft.client_id)
        return answer

    async def _upload(self, draft: Draft, digest: str) -> Answer:
        request = form(draft.pictures[digest])
        return await self._ask("POST", f"/api/v1/photos/{digest}", token=draft.token, **request)

    async def _ask(self, method: str, path: str, **request: str | bytes) -> Answer:
        self._answers.append(await ask(self._port, method, path, **request))
        return self._answers[-1]


def _with_a_large_picture(member: dict[str, str], *, dice: random.Random) -> Draft:
    """Return a report with one picture of noise, about 300 KB."""
    draft = a_draft(member, dice=dice, pictures=1)
    out = BytesIO()
    Image.frombytes("RGB", (640, 480), dice.randbytes(640 * 480 * 3)).save(out, "JPEG", quality=80)
    draft.pictures = {hashlib.sha256(out.getvalue()).hexdigest(): out.getvalue()}
    draft.body = a_body(draft.pictures, dice=dice)
    return draft


async def _soon(probe: Callable[[], Awaitable[bool]], *, seconds: float = HEALED) -> bool:
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while not (found := await probe()) and clock() < until:
        await asyncio.sleep(0.2)
    return found
