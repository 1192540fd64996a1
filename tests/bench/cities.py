"""Cities to measure: the demo world with as many ledger items and reports as asked, kept in var/bench between runs.

Rows are written by the database itself, past the triggers, so a million items take a minute; what the triggers would
have set is set here. A city belongs to the newest migration: after another one it is built anew.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from server.trial.looking import free_port
from server.trial.postgres import EmbeddedPostgres
from tests.rig.leashed import carry_out
from tests.rig.servers import Program, environment

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "var" / "bench"
NEWEST = sorted((ROOT / "models" / "migrations").glob("0*.py"))[-1].stem[:4]

ITEMS = """
WITH office AS (SELECT id FROM organisation WHERE kind = 'reform_office' ORDER BY sort_order LIMIT 1),
 units AS (SELECT array_agg(id ORDER BY code) a FROM organisation WHERE kind = 'responsible_unit'),
 tasks AS (SELECT array_agg(id ORDER BY code) a FROM reform_task WHERE is_current),
 who AS (SELECT array_agg(DISTINCT d.person_id) a FROM duty d WHERE d.role = 'commissioner'),
 clerk AS (SELECT d.person_id AS id FROM duty d WHERE d.role = 'office_lead' LIMIT 1),
 rows AS (
  SELECT n, random() r, random() r2, random() r3,
         LEAST(now() - interval '1 minute',
               date_trunc('year', now()) + (now() - date_trunc('year', now())) * (n::float8 / $1)) AS at,
         (ARRAY['路面','路灯','井盖','积水','占道','噪音','坑槽','扬尘'])[1 + n % 8] AS what,
         (ARRAY['北京路','民族街','上海路','解放街','凤凰街','正源街','宝湖路','长城路'])[1 + (n / 8) % 8] AS road
  FROM generate_series(1, $1) n)
INSERT INTO ledger_item (id, organisation_id, series, year, number, number_text, round, state, kind, title, summary,
   place_name, search_text, wgs_latitude, wgs_longitude, task_id, lead_unit_id, due_from_on, due_days, due_on,
   due_words, percent, state_before, retention_note, next_review_on, dispatched_at, acknowledged_at, closed_at,
   commissioner_id, registered_at, registered_by_id, version)
SELECT gen_random_uuid(), office.id, '测', extract(year FROM at)::int, n,
   '测〔' || extract(year FROM at)::int || '〕' || n || '号', 1,
   CASE WHEN r < .05 THEN 'registered' WHEN r < .10 THEN 'dispatched' WHEN r < .30 THEN 'in_progress'
        WHEN r < .33 THEN 'closing' WHEN r < .36 THEN 'retained' ELSE 'closed' END,
   (ARRAY['problem','problem','problem','help_request','good_practice'])[1 + n % 5],
   road || what || '问题第' || n || '件长期没有解决', repeat('核实情况属实，已列入本月整改计划。', 4),
   road || '与' || (n % 97) || '号路口东南角',
   search_form(road || what || '问题第' || n || '件长期没有解决|测〔' || extract(year FROM at)::int || '〕' || n
     || '号|' || road || '与' || (n % 97) || '号路口东南角'),
   CASE WHEN r2 < .95 THEN 38.30 + r2 / 3 END, CASE WHEN r2 < .95 THEN 106.00 + r3 / 2 END,
   CASE WHEN n % 3 = 0 THEN tasks.a[1 + n % array_length(tasks.a, 1)] END,
   CASE WHEN r >= .05 THEN units.a[1 + n % array_length(units.a, 1)] END,
   CASE WHEN r >= .05 THEN at::date END, CASE WHEN r >= .05 THEN 20 + n % 100 END,
   CASE WHEN r >= .05 THEN at::date + 30 + n % 140 END, CASE WHEN r >= .05 THEN '20个工作日' ELSE '' END,
   CASE WHEN r < .10 THEN 0 WHEN r < .30 THEN (r2 * 90)::int WHEN r < .36 THEN 90 ELSE 100 END,
   CASE WHEN r >= .33 AND r < .36 THEN 'in_progress' END,
   CASE WHEN r >= .33 AND r < .36 THEN '长期任务，按季度回头看。' ELSE '' END,
   CASE WHEN r >= .33 AND r < .36 THEN current_date + 60 END,
   CASE WHEN r >= .05 THEN at END, CASE WHEN r >= .10 THEN at + interval '4 hours' END,
   CASE WHEN r >= .36 THEN LEAST(at + ((10 + n % 120) * interval '1 day'), now()) END,
   CASE WHEN r >= .05 THEN who.a[1 + n % array_length(who.a, 1)] END, at, clerk.id, 1
FROM rows, office, units, tasks, who, clerk
"""
SERIES = """
INSERT INTO number_series (id, organisation_id, series, year, last_number)
SELECT gen_random_uuid(), organisation_id, series, year, max(number) FROM ledger_item WHERE series = '测' GROUP BY 2,3,4
"""
# Reports are copies of one of the demo world, so that they fit whatever columns there are; each has two photos.
REPORTS = """
WITH one AS (SELECT o FROM observation o WHERE o.office_id = (
   SELECT id FROM organisation WHERE kind = 'reform_office' ORDER BY sort_order LIMIT 1) LIMIT 1)
INSERT INTO observation
SELECT r.* FROM one, generate_series(1, $1) n, jsonb_populate_record(one.o, jsonb_build_object(
   'id', gen_random_uuid(), 'client_id', gen_random_uuid(), 'receipt_number', 'B' || lpad(n::text, 9, '0'),
   'state', CASE WHEN n <= $2 THEN (ARRAY['received','received','received','waiting_media','more_asked'])[1 + n % 5]
                 ELSE 'declined' END,
   'received_at', now() - interval '2 hours' - n * interval '40 seconds',
   'promised_on', (now() - interval '2 hours' - n * interval '40 seconds' + interval '2 days')::date,
   'decided_at', CASE WHEN n > $2 THEN now() - n * interval '20 seconds' END,
   'ledger_item_id', NULL, 'claimed_by_id', NULL, 'claimed_until', NULL, 'reporter_wrote_at', NULL)) r
"""
LINES = """
INSERT INTO manifest_line SELECT r.* FROM (SELECT m FROM manifest_line m LIMIT 1) one,
   (SELECT id FROM observation WHERE receipt_number LIKE 'B0%') o, generate_series(1, 2) place,
   jsonb_populate_record(one.m, jsonb_build_object('id', gen_random_uuid(), 'subject_id', o.id,
     'subject_kind', 'observation', 'position', place, 'sha256', encode(sha256((o.id::text || place)::bytea), 'hex'))) r
"""
PHOTOS = """
INSERT INTO photo SELECT r.* FROM (SELECT p FROM photo p WHERE state = 'shown' AND subject_id IS NOT NULL LIMIT 1) one,
   manifest_line l JOIN observation o ON o.id = l.subject_id AND o.receipt_number LIKE 'B0%',
   jsonb_populate_record(one.p, jsonb_build_object('id', gen_random_uuid(), 'subject_id', o.id,
     'subject_kind', 'observation', 'sha256', l.sha256, 'key', 'originals/' || l.sha256,
     'fingerprint', left(l.sha256, 16))) r
WHERE o.state <> 'waiting_media'
"""
RENDITIONS = """
INSERT INTO rendition SELECT r.* FROM (SELECT r FROM rendition r LIMIT 1) one,
   photo p JOIN observation o ON o.id = p.subject_id AND o.receipt_number LIKE 'B0%',
   (VALUES ('large', 1600), ('medium', 800), ('small', 320)) s(size, width),
   jsonb_populate_record(one.r, jsonb_build_object('id', gen_random_uuid(), 'photo_id', p.id, 'subject_id', o.id,
     'size', s.size, 'width', s.width, 'height', s.width * 3 / 4, 'withdrawn_at', NULL,
     'sha256', encode(sha256((p.id::text || s.size)::bytea), 'hex'))) r
"""
COVERED = ("ledger_item", "number_series", "observation", "manifest_line", "photo", "rendition")
PEOPLE = {  # whom the benches ask as: a channel and a person
    "desk": (
        "console",
        "SELECT person_id FROM duty WHERE role = 'office_lead' ORDER BY since_on, id LIMIT 1",
    ),
    "staff": (
        "phone",
        "SELECT person_id FROM duty WHERE role = 'office_staff' AND scope = 'all' ORDER BY id LIMIT 1",
    ),
    "contact": (
        "phone",
        "SELECT person_id FROM duty WHERE role = 'department_contact' ORDER BY since_on, id LIMIT 1",
    ),
    "commissioner": (
        "phone",
        "SELECT commissioner_id FROM ledger_item WHERE series = '测' AND commissioner_id IS NOT NULL LIMIT 1",
    ),
    "official": (
        "phone",
        "SELECT person_id FROM duty WHERE role = 'leading_official' ORDER BY since_on, id LIMIT 1",
    ),
    "member": (
        "phone",
        "SELECT person_id FROM duty WHERE role = 'team_member' ORDER BY since_on, id LIMIT 1",
    ),
}
SIGN_IN = """
INSERT INTO session (id, person_id, token_hash, channel, device, created_at, seen_at, ends_at)
VALUES (gen_random_uuid(), $1, $2, $3, '', now(), now(), now() + interval '8 hours')
"""


@dataclass(frozen=True)
class City:
    """A filled database: how to reach it, the environment of its programs, and the tokens of its people."""

    database_url: str
    environment: dict[str, str]
    tokens: dict[str, str]


@contextmanager
def cities() -> Iterator["Cities"]:
    """Run the benches' own database server."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(FOLDER / "postgres")
    postgres.start()
    try:
        yield Cities(postgres)
    finally:
        postgres.stop()


class Cities:
    """The databases of one server, built when they are first asked for."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self._postgres = postgres

    async def of(self, items: int, *, reports: int = 2000, waiting: int = 1000) -> City:
        """Return the city with that many items, with everybody signed in anew."""
        name = f"city_{NEWEST}_{items}_{reports}_{waiting}"
        if not await self._has(name):
            await self._demo()
            await self._command(f'CREATE DATABASE "{name}_unfinished" TEMPLATE "demo_{NEWEST}"')
            await self._fill(f"{name}_unfinished", items=items, reports=reports, waiting=waiting)
            await self._command(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')
        url = self._postgres.url(name)
        return City(url, _environment(url), await _sign_in(url))

    async def _demo(self) -> None:
        """Build the demo world once for a chain of migrations, and drop everything of earlier chains."""
        for other in await self._names():
            if NEWEST not in other or other.endswith("unfinished"):
                await self._command(f'DROP DATABASE "{other}" WITH (FORCE)')
        if await self._has(f"demo_{NEWEST}"):
            return
        await self._command("CREATE DATABASE demo_unfinished")
        url = self._postgres.url("demo_unfinished")
        port = free_port()
        there = _environment(url) | {"WECHAT_BASE_URL": f"http://127.0.0.1:{port}"}
        words = ("server.fake_wechat", "--port", str(port))
        wechat = Program(*words, environment=there, log=FOLDER / "wechat.log")
        wechat.start()
        try:
            order = ["server.trial.filling", str(FOLDER / "sign-ins.json")]
            await asyncio.to_thread(carry_out, order, environment=there, log=FOLDER / "filling.log")
        finally:
            wechat.kill()
        await self._command(f"ALTER DATABASE demo_unfinished RENAME TO demo_{NEWEST}")

    async def _fill(self, name: str, *, items: int, reports: int, waiting: int) -> None:
        line = await asyncpg.connect(self._postgres.url(name))
        await line.execute("SET synchronous_commit = off; SET jit = off; SET maintenance_work_mem = '512MB'")
        for table in COVERED:
            await line.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        index = "ledger_item_search_text"
        made = await line.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = $1", index)
        await line.execute(f"DROP INDEX {index}")
        await line.execute(ITEMS, items)
        await line.execute(made)
        for statement in (SERIES, LINES, PHOTOS, RENDITIONS):
            if statement is LINES:
                await line.execute(REPORTS, reports, waiting)
            await line.execute(statement)
        for table in COVERED:
            await line.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            for one in "iudt":
                await line.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER zz_ledger_{one}")
        await line.execute("VACUUM ANALYZE")
        await line.close()

    async def _has(self, name: str) -> bool:
        return name in await self._names()

    async def _names(self) -> list[str]:
        line = await asyncpg.connect(self._postgres.url("postgres"))
        names = await line.fetch("SELECT datname FROM pg_database WHERE datname ~ '^(city|demo)_'")
        await line.close()
        return [row["datname"] for row in names]

    async def _command(self, statement: str) -> None:
        line = await asyncpg.connect(self._postgres.url("postgres"))
        await line.execute(statement)
        await line.close()


def _environment(url: str) -> dict[str, str]:
    """Return the environment of a program, with the keys that the demo world was built with."""
    kept = FOLDER / "environment.json"
    if not kept.exists():
        wechat = "http://127.0.0.1:9"  # nothing that is measured asks it
        kept.write_text(json.dumps(environment(url, FOLDER, wechat_url=wechat)))
    return json.loads(kept.read_text()) | {"DATABASE_URL": url}


async def _sign_in(url: str) -> dict[str, str]:
    line = await asyncpg.connect(url)
    tokens = {}
    for who, (channel, person) in PEOPLE.items():
        tokens[who] = secrets.token_urlsafe(32)
        digest = hashlib.sha256(tokens[who].encode()).hexdigest()
        await line.execute(SIGN_IN, await line.fetchval(person), digest, channel)
    await line.close()
    return tokens
