import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import pytest

from models.config import database_credentials
from server.trial.obstacle import Obstacle
from server.trial.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[3]
OWNER = """
import sys, time
from pathlib import Path
from server.trial.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def home():
    with tempfile.TemporaryDirectory(prefix="dct-") as folder:
        yield Path(folder)


@pytest.fixture
def server(home):
    """One cluster for the module, because making one takes longest; each test starts it and leaves it stopped."""
    server = EmbeddedPostgres(home / "postgres")
    yield server
    server.stop()
    assert not server.is_running()


@pytest.fixture
def owner(home):
    """A separate process that started the server and keeps it."""
    words = [sys.executable, "-c", OWNER, str(home / "postgres")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        yield process
        process.kill()


def postmaster(home):
    return int((home / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def test_it_answers_on_its_socket_and_nowhere_else(server):
    url = await asyncio.to_thread(server.start)

    connection = await asyncpg.connect(url)
    settings = {
        row["name"]: row["setting"] for row in await connection.fetch("SELECT name, setting FROM pg_settings")
    }
    await connection.close()

    promised = ("listen_addresses", "fsync", "full_page_writes", "synchronous_commit", "server_encoding")
    assert [settings[name] for name in promised] == ["", "on", "on", "on", "UTF8"]
    assert settings["max_connections"] == "100"


async def test_nobody_else_may_enter_its_folder(server, home):
    await asyncio.to_thread(server.start)

    assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert (home / "postgres/data").stat().st_mode & 0o777 == 0o700


async def test_our_models_understand_its_address(server):
    url = await asyncio.to_thread(server.start)

    connection = await asyncpg.connect(**database_credentials(url))
    name = await connection.fetchval("SELECT current_database()")
    await connection.close()

    assert name == "duchatong"


async def test_a_trigram_index_finds_three_chinese_characters_among_many(server):
    """Two characters contain no trigram: such a search reads the table, with the same result."""
    url = await asyncio.to_thread(server.start)
    connection = await asyncpg.connect(url)
    await connection.execute("""
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE TEMP TABLE matter (text text);
        INSERT INTO matter SELECT '第' || n || '号路口坑槽一周未修' FROM generate_series(1, 20000) n;
        INSERT INTO matter VALUES ('窗口排队中文标识不清');
        CREATE INDEX matter_text ON matter USING gin (text gin_trgm_ops);
        ANALYZE matter;
    """)

    plan = await connection.fetch("EXPLAIN SELECT text FROM matter WHERE text LIKE '%中文标%'")
    found = await connection.fetchval("SELECT text FROM matter WHERE text LIKE '%中文标%'")
    short = await connection.fetchval("SELECT text FROM matter WHERE text LIKE '%中文%'")
    await connection.close()

    assert "Bitmap Index Scan on matter_text" in "\n".join(row[0] for row in plan)
    assert found == short == "窗口排队中文标识不清"


async def test_what_was_written_is_there_after_a_stop_and_a_start(server):
    server.start()
    server.run("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number", database="duchatong")
    server.stop()

    server.start()

    assert server.run("SELECT number FROM kept", database="duchatong") == "7"


async def test_a_committed_row_survives_when_the_plug_is_pulled(server):
    url = server.start()
    server.run("CREATE TABLE survivor (name text)", database="duchatong")
    server.run("INSERT INTO survivor VALUES ('王')", database="duchatong")

    server.restart_immediately()

    assert server.url("duchatong") == url
    assert server.run("SELECT name FROM survivor", database="duchatong") == "王"


async def test_a_server_left_by_a_killed_owner_is_taken_over_and_then_stopped(server, owner, home):
    left_behind = postmaster(home)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert is_alive(left_behind)

    server.start()
    taken_over = postmaster(home)
    server.stop()

    assert taken_over == left_behind
    assert not is_alive(left_behind)


async def test_stopping_leaves_the_server_to_an_owner_who_still_lives(server, owner, home):
    server.start()
    server.stop()

    assert is_alive(postmaster(home))

    owner.kill()
    owner.wait()


async def test_the_mark_of_a_dead_server_does_not_hinder_the_next(server, home):
    server.start()
    mark = (home / "postgres/data/postmaster.pid").read_text()
    server.stop()
    stranger = str(os.getpid())
    (home / "postgres/data/postmaster.pid").write_text(mark.replace(mark.split("\n", 1)[0], stranger, 1))

    server.start()

    assert server.run("SELECT 1") == "1"


async def test_processes_left_without_their_postmaster_are_cleared_away(server, home):
    url = server.start()
    busy = await asyncpg.connect(url)
    await busy.execute(
        "CREATE OR REPLACE FUNCTION spin() RETURNS void AS 'BEGIN LOOP END LOOP; END' LANGUAGE plpgsql"
    )
    orphan = busy.get_server_pid()
    spinning = asyncio.ensure_future(busy.execute("SELECT spin()"))
    await asyncio.sleep(0.2)
    os.kill(postmaster(home), signal.SIGKILL)

    await asyncio.to_thread(server.start)

    assert not is_alive(orphan)
    assert server.run("SELECT 1") == "1"
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await spinning


async def test_a_server_that_hangs_is_replaced(server, owner, home):
    hanging = postmaster(home)
    owner.kill()
    owner.wait()
    os.kill(hanging, signal.SIGSTOP)

    server.start()

    assert not is_alive(hanging)
    assert server.run("SELECT 1") == "1"


async def test_two_who_start_at_once_share_one_server(home):
    first, second = (EmbeddedPostgres(home / "both") for _ in range(2))

    urls = await asyncio.gather(asyncio.to_thread(first.start), asyncio.to_thread(second.start))
    await asyncio.to_thread(first.stop)
    still_there = second.run("SELECT 1")
    await asyncio.to_thread(second.stop)

    assert urls[0] == urls[1]
    assert still_there == "1"
    assert not second.is_running()


async def test_a_path_too_long_for_a_socket_is_no_obstacle(home):
    server = EmbeddedPostgres(home / ("很长的文件夹名" * 6) / "数据 库")

    url = await asyncio.to_thread(server.start)
    connection = await asyncpg.connect(url)
    answer = await connection.fetchval("SELECT 1")
    await connection.close()
    socket_folder = server._socket_folder
    await asyncio.to_thread(server.stop)

    assert answer == 1
    assert not socket_folder.exists()


async def test_a_folder_with_odd_characters_is_no_obstacle(home):
    server = EmbeddedPostgres(home / "a 'b', \"c\" & d?%")

    url = await asyncio.to_thread(server.start)
    connection = await asyncpg.connect(url)
    await connection.close()
    await asyncio.to_thread(server.stop)


async def test_a_start_cut_short_while_making_the_cluster_begins_anew(home):
    (home / "cut/data.unfinished/base").mkdir(parents=True)
    server = EmbeddedPostgres(home / "cut")

    await asyncio.to_thread(server.start)
    answer = server.run("SELECT 1")
    await asyncio.to_thread(server.stop)

    assert answer == "1"


async def test_a_server_that_cannot_start_says_why(home):
    server = EmbeddedPostgres(home / "broken")
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.stop)
    (home / "broken/data/global/pg_control").unlink()

    started_at = time.monotonic()
    with pytest.raises(Obstacle, match="pg_control"):
        await asyncio.to_thread(server.start)

    assert time.monotonic() - started_at < 20


async def test_databases_of_the_test_run_are_copies_of_one_template(postgres):
    built = []

    async def build(url):
        built.append(url)
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE thing AS SELECT 1 AS one")
        await connection.close()

    names = [await postgres.template(build, name="things") for _ in range(2)]
    url = await postgres.new_database(template=names[0])
    connection = await asyncpg.connect(url)
    value = await connection.fetchval("SELECT one FROM thing")
    await connection.close()
    await postgres.drop(url)

    assert value == 1
    assert len(built) == 1
