"""Measures the ledger's cost: `scripts/bench ledger write` or `… verify 1000000`, on a separate server.

`write` lets eight connections submit reports (six rows per transaction: observation, photos, check, counter, entry)
without the ledger, with the former chain's lock instead, and with the ledger while blocks are closed. `verify` fills a
city with that many row versions and verifies them. Commits are durable where the disk is; server and load share cores.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from server.verifying import Progress, verify
from tests.rig.servers import Estate

LINES, ROUNDS, SECONDS = 8, 4, 5
MODES = ("without", "former lock", "ledger")
TABLES = ("observation", "manifest_line", "content_check", "number_series")

# Rows are copied from the demo world, so that they fit whatever columns there are.
MADE = """
CREATE TABLE bench_head (id int PRIMARY KEY, last bigint);
INSERT INTO bench_head VALUES (1, 0);
CREATE PROCEDURE bench_deed(has_lock boolean) LANGUAGE plpgsql AS $$
DECLARE
    fresh uuid := gen_random_uuid();
BEGIN
    INSERT INTO observation SELECT r.* FROM (SELECT o FROM observation o LIMIT 1) one, jsonb_populate_record(one.o,
        jsonb_build_object('id', fresh, 'client_id', gen_random_uuid(), 'receipt_number', left(fresh::text, 24))) r;
    INSERT INTO manifest_line SELECT r.* FROM (SELECT m FROM manifest_line m LIMIT 1) one,
        generate_series(1, 2) place, jsonb_populate_record(one.m,
        jsonb_build_object('id', gen_random_uuid(), 'subject_id', fresh, 'position', place)) r;
    INSERT INTO content_check SELECT r.* FROM (SELECT c FROM content_check c LIMIT 1) one, jsonb_populate_record(one.c,
        jsonb_build_object('id', gen_random_uuid(), 'subject_id', fresh, 'trace_id', NULL)) r;
    UPDATE number_series SET last_number = last_number + 1
        WHERE id = (SELECT id FROM number_series WHERE series LIKE 'bench%' ORDER BY random() LIMIT 1);
    IF has_lock THEN
        UPDATE bench_head SET last = last + 1;
    END IF;
    PERFORM journal_write(ARRAY['observation.submitted'], ARRAY['observation'], ARRAY[fresh], ARRAY[NULL::uuid],
        ARRAY['{"photos": 2}']);
END $$;
CREATE PROCEDURE bench_deeds(until timestamptz, most bigint, has_lock boolean, INOUT done bigint) LANGUAGE plpgsql AS $$
BEGIN
    WHILE done < most AND clock_timestamp() < until LOOP
        CALL bench_deed(has_lock);
        COMMIT;
        done := done + 1;
    END LOOP;
END $$;
INSERT INTO number_series SELECT r.* FROM (SELECT n FROM number_series n LIMIT 1) one, generate_series(1, 20) i,
    jsonb_populate_record(one.n, jsonb_build_object('id', gen_random_uuid(), 'series', 'bench' || i)) r;
SELECT ledger.enter('ledger.migrated', '{}');
"""
CALL = "CALL bench_deeds($1, $2, $3, 0)"


@asynccontextmanager
async def demo_city() -> AsyncIterator[Estate]:
    """Run the demo world on a separate server, with what a round needs."""
    async with Estate(servers=0, worker=False) as estate:
        words = [sys.executable, "-m", "server.trial.filling", str(estate.folder / "sign-ins.json")]
        await asyncio.to_thread(
            subprocess.run, words, env=estate.environment, check=True, stdout=subprocess.DEVNULL
        )
        line = await asyncpg.connect(estate.database_url)
        await line.execute(MADE)
        await line.close()
        yield estate


async def write() -> None:
    """Measure reports per second in each mode, rounds alternating, and the share that remains with the ledger."""
    told: dict[str, list[float]] = {mode: [] for mode in MODES}
    async with demo_city() as estate:
        lines = [await asyncpg.connect(estate.database_url) for _ in range(LINES)]
        for _ in range(ROUNDS):
            for mode in MODES:
                await lines[0].execute(switched(on=mode == "ledger"))
                told[mode].append(await _round(lines, estate, mode))
        for line in lines:
            await line.close()
    middle = {mode: statistics.median(of_mode) for mode, of_mode in told.items()}
    for mode in MODES:
        rounds = " ".join(f"{one:.0f}" for one in told[mode])
        print_line(f"{mode}: {middle[mode]:.0f} reports/s ({rounds})")
    print_line(f"ledger / former lock: {middle['ledger'] / middle['former lock']:.2f}")
    print_line(f"ledger / without: {middle['ledger'] / middle['without']:.2f}")


def switched(*, on: bool) -> str:
    """Return the statement that turns the triggers of a report's tables on or off."""
    how = "ENABLE ALWAYS" if on else "DISABLE"
    tables = [*TABLES, "journal_entry"]
    return "".join(f"ALTER TABLE {table} {how} TRIGGER zz_ledger_{one};" for table in tables for one in "iu")


async def _round(lines: list[asyncpg.Connection], estate: Estate, mode: str) -> float:
    began, until = time.monotonic(), await lines[0].fetchval(f"SELECT now() + interval '{SECONDS} s'")
    sealing = asyncio.create_task(_seal(estate)) if mode == "ledger" else None
    calls = [line.fetchval(CALL, until, 10**9, mode == "former lock") for line in lines]
    done: int = sum(await asyncio.gather(*calls))
    if sealing:
        sealing.cancel()
    return done / (time.monotonic() - began)


async def _seal(estate: Estate) -> None:
    line = await asyncpg.connect(estate.database_url)
    try:
        while True:
            await line.execute("SELECT ledger.close_block()")
            await asyncio.sleep(0.5)
    finally:
        line.terminate()


async def verified(versions: int) -> None:
    """Fill, seal and verify; print the seconds and the verifier's memory."""
    async with demo_city() as estate:
        line = await asyncpg.connect(estate.database_url)
        await line.execute("SET synchronous_commit = off")
        far = await line.fetchval("SELECT now() + interval '1 day'")
        began = time.monotonic()
        while (have := await line.fetchval("SELECT count(*) FROM ledger.version")) < versions:
            await line.fetchval(CALL, far, min(2000, 1 + (versions - have) // 6), False)
            await line.execute("SELECT ledger.close_block()")
        print_line(f"filled in {time.monotonic() - began:.0f} s")
        await line.execute("ANALYZE")
        await line.close()
        began = time.monotonic()
        result = await verify(estate.database_url, progress=Progress(is_shown=sys.stderr.isatty()))
        spent = time.monotonic() - began
    faults = [one for one in result.faults if "编号bench" not in one]  # no items bear these numbers
    print_line(f"verified {result.counted['versions']} versions in {spent:.1f} s, {len(faults)} faults")
    print_line(result.summary)


def print_line(words: str) -> None:
    """Print one line for the person who runs this."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    reader = argparse.ArgumentParser(prog="scripts/bench ledger", description=__doc__)
    reader.add_argument("what", choices=("write", "verify"))
    reader.add_argument("versions", nargs="?", type=int, default=1_000_000)
    asked = reader.parse_args()
    asyncio.run(write() if asked.what == "write" else verified(asked.versions))
