"""Logs tell what broke and where, and never in whose row."""

import json
import logging
import subprocess
import sys
from uuid import uuid4

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from models import Person
from server.commands.serve import KEEPS_ROWS_OUT_OF_LOG
from server.kernel.logs import LONGEST, Terse, told
from tests.conftest import a_report
from tests.server.gateways.test_queue import desk  # noqa: F401

SAY_ALL = ("log_statement = 'all'", "log_min_duration_statement = 0", "log_min_messages = 'debug1'")


class Broken(Exception):
    """An error as a library raises it: its message contains the whole row."""


def thrown(words):
    try:
        raise Broken(words)
    except Broken as error:
        return error


@pytest.fixture
async def broken_key(database_url):
    """A broken unique key as asyncpg raises it, and the secret that its DETAIL names."""
    secret = f"openid-{uuid4().hex}"
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TEMP TABLE lost (found text CONSTRAINT lost_found UNIQUE)")
    await connection.execute("INSERT INTO lost VALUES ($1)", secret)
    with pytest.raises(asyncpg.UniqueViolationError) as caught:
        await connection.execute("INSERT INTO lost VALUES ($1)", secret)
    await connection.close()
    assert secret in str(caught.value)
    return caught.value, secret


def test_an_error_is_told_by_kind_and_place_with_what_caused_it():
    try:
        try:
            int("13812345678x")
        except ValueError as first:
            raise Broken("老马 13812345678") from first
    except Broken as error:
        words = told(error)

    kinds = [line for line in words.splitlines() if not line.startswith("  ")]
    assert kinds == ["Broken", "ValueError"]
    assert "tests/server/kernel/test_logs.py:" in words
    assert "test_an_error_is_told_by_kind_and_place" in words
    assert "138" not in words


def test_errors_that_go_in_circles_or_in_groups_are_told_to_their_end():
    one, other = thrown("a"), thrown("b")
    one.__cause__, other.__cause__ = other, one
    assert told(one).count("Broken") == 2
    assert told(ExceptionGroup("two", [KeyError("x"), ValueError("y")])).split() == [
        "ExceptionGroup",
        "KeyError",
        "ValueError",
    ]


async def test_of_a_broken_key_the_constraint_is_told_and_not_the_row(broken_key):
    error, secret = broken_key
    assert told(error).splitlines()[0] == "UniqueViolationError 23505 lost_found"
    assert secret not in told(error)


@pytest.mark.parametrize("way", ["message", "argument", "exc_info", "repeated", "future"])
async def test_whatever_a_library_logs_of_a_broken_key_holds_no_row(broken_key, way):
    error, secret = broken_key
    said = {
        "message": (error, (), None),
        "argument": ("broken: %s", (error,), None),
        "exc_info": ("broken", (), (type(error), error, error.__traceback__)),
        "repeated": (f"broken: {error}", (), None),
        "future": (f"never retrieved\nfuture: <Task exception=Broken('{secret}')>", (), None),
    }
    words, arguments, info = said[way]
    record = logging.LogRecord("library", logging.ERROR, "x.py", 1, words, arguments, info)

    line = Terse().format(record)

    assert secret not in line
    assert line
    assert "Error" in line or "broken" in line or "never retrieved" in line


def test_a_library_that_talks_without_end_is_cut():
    record = logging.LogRecord("library", logging.ERROR, "x.py", 1, "啊" * 5000, (), None)
    assert len(Terse().format(record)) <= LONGEST


def test_a_process_of_ours_logs_an_error_as_one_line_without_its_words():
    program = (
        "import structlog; from server.kernel import logs; logs.configure()\n"
        "try: raise ValueError('老马')\n"
        "except ValueError: structlog.get_logger().error('our_fault', exc_info=True)\n"
        "import logging; logging.getLogger('x').error('broken', exc_info=ValueError('老马'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    ours, *theirs = done.stderr.splitlines()
    assert json.loads(ours)["error"].startswith("ValueError\n  <string>:2")
    assert theirs[:2] == ["ERROR:x:broken", "ValueError"]
    assert "老马" not in done.stderr


@pytest.mark.parametrize(("attempts", "ends_as"), [(0, "queued"), (100, "failed")])
async def test_the_log_of_jobs_that_failed_holds_no_row(desk, broken_key, attempts, ends_as):  # noqa: F811
    error, secret = broken_key

    async def fail(_):
        raise error

    await desk.database.execute("DELETE FROM pgqueuer_log")
    await desk.enqueue(number=1)
    await desk.database.execute("UPDATE pgqueuer SET attempts = $1", attempts)
    worker = desk.work(fail)

    async def is_logged():
        return await desk.database.fetchval("SELECT count(*) FROM pgqueuer_log WHERE traceback IS NOT NULL")

    await desk.until(is_logged)
    desk.stop.set()
    await worker
    assert await desk.states() == [ends_as]
    kept = "".join(row[0] for row in await desk.database.fetch("SELECT l::text FROM pgqueuer_log l"))
    assert "UniqueViolationError 23505 lost_found" in kept
    assert secret not in kept


@pytest.fixture
async def talkative(postgres):
    """The tests' own database server, set to log every statement; returns what it has logged since."""
    if postgres.embedded is None:
        pytest.fail("this test reads the log of a server of its own: run it without TEST_DATABASE_URL")
    server = await asyncpg.connect(postgres.url("postgres"))
    for setting in SAY_ALL:
        await server.execute(f"ALTER SYSTEM SET {setting}")
    await server.execute("SELECT pg_reload_conf()")
    log = postgres.embedded.log
    begun = log.stat().st_size
    yield lambda: log.read_bytes()[begun:].decode(errors="replace")
    await server.execute("ALTER SYSTEM RESET ALL")
    await server.execute("SELECT pg_reload_conf()")
    await server.close()


async def test_the_most_talkative_database_server_writes_down_no_person_and_no_code(office, talkative):
    laoma = await office.phone_of("老马")
    client_id = uuid4()
    answer = await laoma.submit(a_report(), client_id)
    await laoma.get("/me")
    with pytest.raises(IntegrityError, match=str(laoma.person.id)):
        await Person.create(id=laoma.person.id, designation="x", created_on=laoma.person.created_on)

    written = talkative()
    assert 'INSERT INTO "observation"' in written
    assert "duplicate key value violates unique constraint" in written
    report = answer.json()
    secrets = [laoma.person.id, client_id, report["receipt_number"], report["receipt_hash"]]
    secrets += [laoma.client.headers["authorization"].removeprefix("Bearer "), "路口坑槽", "老马"]
    assert [str(one) for one in secrets if str(one) in written] == []


@pytest.mark.parametrize("loose", ["log_error_verbosity = 'default'", "log_parameter_max_length = 1"])
async def test_a_server_notices_a_database_that_writes_rows_into_its_log(database_url, loose):
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval(KEEPS_ROWS_OUT_OF_LOG)
    await connection.execute(f"SET {loose}")
    assert not await connection.fetchval(KEEPS_ROWS_OUT_OF_LOG)
    await connection.close()
