"""The deep check tells what does not work outside the process, to the office's own monitoring alone (OPS-03)."""

import dataclasses

import pytest
from tortoise import connections

from server.web.miniapp import deep_health


@pytest.fixture
def line(office):
    return office.client()


async def the_worker_ran(seconds_ago):
    await connections.get("default").execute_query(
        "INSERT INTO pgqueuer_schedules (expression, entrypoint, status, last_run, next_run) VALUES"
        f" ('* * * * *', 'probe', 'queued', now() - interval '{seconds_ago} seconds', now())"
    )


@pytest.fixture
async def nobody_ran(office):
    await office.stop_working()
    database = connections.get("default")
    await database.execute_query("DELETE FROM pgqueuer_schedules")
    await database.execute_query("DELETE FROM pgqueuer")
    yield
    await database.execute_query("DELETE FROM pgqueuer_schedules WHERE entrypoint = 'probe'")


async def asked(line):
    answer = await line.get("/deep")
    return answer.status_code, {one["name"]: one["ok"] for one in answer.json()["checks"]}, answer


async def test_ops_03_all_is_tried_and_told_by_name(line, fake_wechat, nobody_ran, monkeypatch):
    monkeypatch.setattr(deep_health.anchoring, "age_seconds", lambda settings: 60)
    await the_worker_ran(60)
    status, checks, answer = await asked(line)
    assert (status, answer.json()["healthy"]) == (200, True), answer.text
    assert list(checks) == ["database", "storage", "wechat", "worker", "anchors"]


async def test_ops_03_a_worker_that_stopped_and_an_old_anchor_are_seen(
    line, fake_wechat, nobody_ran, monkeypatch
):
    monkeypatch.setattr(deep_health.anchoring, "age_seconds", lambda settings: 3601)
    await the_worker_ran(301)
    status, checks, answer = await asked(line)
    assert status == 503
    assert [name for name, ok in checks.items() if not ok] == ["worker", "anchors"]
    assert "scripts/work" in answer.text


async def test_ops_03_a_wechat_that_is_away_and_a_full_disk_are_seen_and_no_secret_is_told(
    line, app, nobody_ran
):
    tools = app.ctx.tools

    class Broken:
        async def put(self, key, data):
            raise OSError("No space left on /secret/place")

        async def reach(self):
            raise ConnectionError("appid wx123 secret abc")

    app.ctx.tools = dataclasses.replace(tools, storage=Broken(), wechat=Broken())
    try:
        status, checks, answer = await asked(line)
    finally:
        app.ctx.tools = tools
    assert status == 503
    assert (checks["storage"], checks["wechat"], checks["database"]) == (False, False, True)
    assert "OSError" in answer.text
    assert "secret" not in answer.text


async def test_ops_03_strangers_find_no_such_page(line):
    assert (await line.get("/deep", headers={"x-forwarded-for": "10.0.0.9"})).status_code == 404
