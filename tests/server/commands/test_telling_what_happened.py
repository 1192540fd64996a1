"""A process's log shows when it started, stopped or crashed and what was slow, and nobody's name."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from server.trial.looking import free_port
from server.web.door import metrics
from tests.conftest import a_picture, sha256
from tests.rig.servers import environment

ROOT = Path(__file__).parents[3]
CRASH = "from server.kernel import logs; logs.configure(); raise ValueError('老马 13812345678')"


def events(said):
    return [json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")]


def run(words, folder, *, database_url, first_line=None):
    """Run one of our programs until its first such event, then stop it; return its output."""
    given = environment(database_url, folder, wechat_url="http://127.0.0.1:1")
    process = subprocess.Popen(
        [sys.executable, "-m", *words], env=given, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    said = ""
    while first_line not in said and (line := process.stderr.readline()):
        said += line
    process.send_signal(signal.SIGTERM)
    said += process.communicate(timeout=60)[1]
    return said, process.returncode


def test_a_server_tells_when_it_starts_serves_stops_and_has_ended(tmp_path, database_url):
    words = ["server.commands.serve", "--port", str(free_port())]
    said, code = run(words, tmp_path, database_url=database_url, first_line="server_serves")
    assert code == 0
    assert events(said) == ["server_starts", "server_serves", "server_stops", "server_ended"]


async def test_a_server_leaves_a_database_that_forgets_what_it_acknowledged(tmp_path, database_url):
    connection = await asyncpg.connect(database_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await connection.close()
    words = ["server.commands.serve", "--port", str(free_port())]
    said, code = await asyncio.to_thread(
        run, words, tmp_path, database_url=database_url, first_line="server_ended"
    )
    assert code == 1
    assert "database_forgets" in events(said)
    assert "数据库的synchronous_commit是 off" in said


def test_a_worker_tells_when_it_starts_and_stops(tmp_path, database_url):
    said, code = run(
        ["server.commands.worker"], tmp_path, database_url=database_url, first_line="worker_works"
    )
    assert code == 0
    assert events(said) == ["worker_starts", "worker_works", "worker_stops"]


def test_a_crash_is_told_by_kind_and_place_and_without_its_words():
    ended = subprocess.run(
        [sys.executable, "-c", CRASH], cwd=ROOT, env={"PATH": os.defpath}, capture_output=True, text=True
    )
    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert json.loads(line)["event"] == "process_crashed"
    assert json.loads(line)["error"].startswith("ValueError\n")
    assert "138" not in line
    assert "老马" not in line


@pytest.mark.parametrize(("limit", "is_told"), [(-1.0, True), (60.0, False)])
async def test_a_slow_request_is_told_by_its_route_alone(office, monkeypatch, limit, is_told):
    monkeypatch.setattr(metrics, "SLOW_SECONDS", limit)
    laoma = await office.phone_of("老马")
    with capture_logs() as told:
        await laoma.get("/receipts/ABCDE-23456?q=13812345678")
    slow = [one for one in told if one["event"] == "slow_request"]
    assert bool(slow) == is_told
    for one in slow:
        assert set(one) == {"event", "log_level", "method", "route", "status", "seconds"}
        assert one["route"] == "/api/v1/receipts/<number:str>"


async def test_a_photo_that_comes_slowly_is_not_told(office, monkeypatch):
    monkeypatch.setattr(metrics, "SLOW_SECONDS", -1.0)
    laoma, picture = await office.phone_of("老马"), a_picture("olive")
    with capture_logs() as told:
        await laoma.post(f"/photos/{sha256(picture)}", files={"file": ("p.jpg", picture, "image/jpeg")})
    assert [one for one in told if one["event"] == "slow_request"] == []
