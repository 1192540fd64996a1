"""G19: after the database and the photos are destroyed, we come back at a named second, and no damage goes unseen."""

import asyncio
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import cycle
from pathlib import Path

import asyncpg

from server.backups import BackupFailed, Restored, Shelf, restore, take
from server.gateways.storage import Storage
from server.trial.postgres import EmbeddedPostgres
from tests.fixtures_postgres import FOLDER, TEMPORARY
from tests.rig.drafts import Draft, a_draft
from tests.rig.outcome import Outcome
from tests.rig.phones import Phone
from tests.rig.servers import Estate

LONGEST = 300.0  # seconds from the decision to the verified database
SHOWN_SECONDS = 60.0
# As in a city's own PostgreSQL: more connections than ours, and its configuration outside its folder.
MORE_THAN_USUAL = {"max_connections": "150"}
ELSEWHERE = "postgresql.conf"
FLUSHED = "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= pg_current_wal_flush_lsn()"
UNSHOWN = "SELECT count(*) FROM photo WHERE state <> 'shown'"


async def back_again(*, reports: int, seed: int) -> Outcome:
    """Report, back up, report on, note the second, report on, destroy everything, and restore to that second."""
    dice, outcome = random.Random(seed), Outcome("G19", seed)
    async with Estate(servers=1, of_postgres=MORE_THAN_USUAL) as estate:
        (estate.postgres_data / ELSEWHERE).unlink()
        shelf = Shelf(estate.folder / "backups")
        follower = await _following(estate, shelf)
        try:
            members = cycle((await estate.found(5))[:-1])
            kept = await _report(estate, reports, members, dice=dice)
            await take(
                estate.database_url, shelf, storage=_storage(estate), anchors=estate.folder / "anchors.log"
            )
            kept += await _report(estate, reports, members, dice=dice)
            second, anchors = await _note(estate)
            lost = await _report(estate, reports, members, dice=dice)
            await _caught_up(estate)
        finally:
            follower.send_signal(signal.SIGTERM)
            await follower.wait()
        await _destroy(estate)
        damages = await _damages(estate.folder, shelf, at=second, anchors=anchors)
        folder = TEMPORARY / f"{FOLDER}{seed:08x}"
        try:
            restored = await restore(shelf, folder, at=second, anchors=anchors)
            outcome.faults = await _compared(folder, restored, kept=kept, lost=lost)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        outcome.seen = {"reports": len(kept), "after_the_second": len(lost), "damages": len(damages)}
        outcome.seen["milliseconds"] = round(restored.seconds * 1000)
        outcome.faults["damages_unseen"] = sum(not told for told in damages.values())
        outcome.faults["too_slow"] = int(restored.seconds > LONGEST)
        outcome.notes += [f"{name}: {told or 'UNSEEN'}" for name, told in damages.items()] + restored.faults
        return outcome


async def _following(estate: Estate, shelf: Shelf) -> asyncio.subprocess.Process:
    words = (sys.executable, "-m", "server.backups", "follow", str(shelf.folder))
    environment = estate.environment | {"PYTHONPATH": os.getcwd()}
    log = (estate.folder / "follow.log").open("wb")
    return await asyncio.create_subprocess_exec(*words, env=environment, stdout=log, stderr=log)


async def _report(
    estate: Estate, many: int, members: "cycle[dict[str, str]]", *, dice: random.Random
) -> list[Draft]:
    drafts = [a_draft(next(members), dice=dice, pictures=1) for _ in range(many)]
    phones = [Phone(estate, dice=random.Random(dice.random())) for _ in drafts]
    await asyncio.gather(*(phone.send(draft) for phone, draft in zip(phones, drafts, strict=True)))
    return drafts


async def _note(estate: Estate) -> tuple[datetime, Path]:
    """Wait until every photo is shown; return the second, and an anchor kept where nothing is destroyed."""
    database = await asyncpg.connect(estate.database_url)
    try:
        async with asyncio.timeout(SHOWN_SECONDS):
            while await database.fetchval(UNSHOWN):
                await asyncio.sleep(0.1)
        await database.execute("SELECT ledger.close_block()")
        block = await database.fetchrow(
            "SELECT id, encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id DESC"
        )
        second: datetime = await database.fetchval("SELECT clock_timestamp()")
    finally:
        await database.close()
    anchors = estate.folder / "kept-outside.log"
    anchors.write_text(
        json.dumps({"at": second.isoformat(), "block": block["id"], "hash": block["hash"]}) + "\n"
    )
    return second, anchors


async def _caught_up(estate: Estate) -> None:
    """Wait until the log has reached the backups; photo files follow within a minute, or when following stops."""
    database = await asyncpg.connect(estate.database_url)
    try:
        await database.execute("SELECT pg_switch_wal()")
        async with asyncio.timeout(SHOWN_SECONDS):
            while not await database.fetchval(FLUSHED):
                await asyncio.sleep(0.1)
    finally:
        await database.close()


async def _destroy(estate: Estate) -> None:
    for program in [*estate.servers, *estate.workers]:
        program.kill()
    await asyncio.to_thread(estate.postgres.stop)
    shutil.rmtree(estate.postgres_data)
    shutil.rmtree(estate.folder / "storage")


def _storage(estate: Estate) -> Storage:
    return Storage.at((estate.folder / "storage").as_uri())


async def _compared(
    folder: Path, restored: Restored, *, kept: list[Draft], lost: list[Draft]
) -> dict[str, int]:
    (folder / "data" / ELSEWHERE).touch()
    postgres = EmbeddedPostgres(folder)
    url = await asyncio.to_thread(postgres.start)
    try:
        database = await asyncpg.connect(url)
        there = {str(row[0]) for row in await database.fetch("SELECT client_id FROM observation")}
        await database.close()
    finally:
        await asyncio.to_thread(postgres.stop)
    return {
        "lost": sum(draft.client_id not in there for draft in kept),
        "from_the_future": sum(draft.client_id in there for draft in lost),
        "faults": len(restored.faults),
    }


async def _damages(folder: Path, shelf: Shelf, *, at: datetime, anchors: Path) -> dict[str, str]:
    """Damage copies of the backups in every way we know; return what the restore said to each, empty if nothing."""
    told = {}
    for name, damage in DAMAGES.items():
        copy = Shelf(TEMPORARY / f"{FOLDER}damaged")
        to = TEMPORARY / f"{FOLDER}damaged-restored"
        try:
            shutil.copytree(shelf.folder, copy.folder)
            damage(copy)
            restored = await restore(copy, to, at=at, anchors=anchors)
            told[name] = restored.faults[0] if restored.faults else ""
        except BackupFailed as failed:
            told[name] = str(failed).splitlines()[0]
        finally:
            for one in (copy.folder, to):
                shutil.rmtree(one, ignore_errors=True)
    return told


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def _largest(folder: Path) -> Path:
    return max((one for one in folder.rglob("*") if one.is_file()), key=lambda one: one.stat().st_size)


def _database(shelf: Shelf) -> Path:
    return _largest(shelf.before(None)[1] / "database" / "base")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8192])


def _segments(shelf: Shelf) -> list[Path]:
    """Return the segments of the log written since the backup."""
    begun = sorted((shelf.before(None)[1] / "database" / "pg_wal").glob("0*"))[-1].name[:24]
    return [one for one in sorted(shelf.wal.iterdir()) if one.name[:24] >= begun]


def _photo(shelf: Shelf) -> Path:
    return _largest(shelf.files / "originals")


DAMAGES: dict[str, Callable[[Shelf], None]] = {
    "a bit of the database": lambda shelf: _flip(_database(shelf), 8192 + 100),
    "a cut file of the database": lambda shelf: _cut(_database(shelf)),
    "a lost file of the database": lambda shelf: _database(shelf).unlink(),
    "an unfinished backup": lambda shelf: (shelf.before(None)[1] / "backup.json").unlink(),
    "a lost log": lambda shelf: [one.unlink() for one in _segments(shelf)] and None,
    "a damaged log": lambda shelf: [_flip(one, 5000) for one in _segments(shelf)] and None,
    "a lost photo": lambda shelf: _photo(shelf).unlink(),
    "a bit of a photo": lambda shelf: _flip(_photo(shelf), _photo(shelf).stat().st_size // 2),
}
