"""A peer: the least Sanic and asyncpg that give the ledger's list in the same bytes to signed-in staff."""

import hashlib
import os
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import asyncpg
import msgspec
from lights import LABELS, light
from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw, text

app = Sanic("raw_list", configure_logging=False)
app.config.ACCESS_LOG = False
SHANGHAI = timezone(timedelta(hours=8))
READ_ALL = {"office_staff", "office_lead", "auditor"}
ADMIT = """
SELECT s.id, s.seen_at, s.ends_at, (SELECT array_agg(d.role) FROM duty d WHERE d.person_id = p.id
  AND d.since_on <= $2 AND (d.until_on IS NULL OR d.until_on >= $2)) AS roles
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.token_hash = $1 AND s.channel = 'phone' AND s.revoked_at IS NULL AND p.is_active
"""
PAGE = """
SELECT i.id, i.number_text, i.title, i.state, i.kind, i.place_name, o.short_name, t.code, i.due_on, i.percent,
  i.registered_at, (i.dispatched_at AT TIME ZONE 'Asia/Shanghai')::date AS started_on
FROM ledger_item i LEFT JOIN organisation o ON o.id = i.lead_unit_id LEFT JOIN reform_task t ON t.id = i.task_id
ORDER BY i.registered_at DESC, i.id DESC LIMIT $1
"""


class Line(msgspec.Struct):
    id: UUID
    number: str
    title: str
    state: str
    state_label: str
    kind: str
    place_name: str
    lead_unit: str | None
    task_code: str | None
    due_on: date | None
    light: str
    light_words: str
    percent: int
    registered_at: datetime


class Page(msgspec.Struct):
    items: list[Line]
    cursor: str | None
    total: int


@app.before_server_start
async def begin(app: Sanic) -> None:
    app.ctx.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=10)


@app.get("/api/v1/ledger-items")
async def listed(request: Request) -> HTTPResponse:
    now, limit = datetime.now(SHANGHAI), int(request.args.get("limit", 20))
    async with app.ctx.pool.acquire() as line:
        digest = hashlib.sha256((request.token or "").encode()).hexdigest()
        who = await line.fetchrow(ADMIT, digest, now.date())
        if not who or now >= who["ends_at"] or now - who["seen_at"] >= timedelta(days=30):
            return text("", 401)
        if not READ_ALL & set(who["roles"] or ()):
            return text("", 403)
        rows = await line.fetch(PAGE, limit + 1)
        total = await line.fetchval("SELECT count(*) FROM ledger_item")
    lines = [
        Line(
            *row[:4],
            LABELS[row[3]],
            *row[4:9],
            *light(row[3], row[8], row[11], row[9], now.date()),
            row[9],
            row[10],
        )
        for row in rows[:limit]
    ]
    cursor = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    body = msgspec.json.encode(Page(lines, cursor, total))
    return raw(body, content_type="application/json", headers={"Cache-Control": "no-store"})


if __name__ == "__main__":
    app.run("127.0.0.1", int(os.environ["PORT"]), single_process=True, access_log=False, motd=False)
