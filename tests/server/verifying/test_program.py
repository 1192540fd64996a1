"""The verifier as an auditor runs it: on a restored copy, without a key, sharing no code with ours."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
from tortoise.context import TortoiseContext

import server
from models import Photo, Rendition
from server.commands.migrate import LedgerBroken, migrate
from server.journal import anchoring
from server.trial.postgres import EmbeddedPostgres
from server.trial.postgres_programs import program
from server.verifying import verify
from tests.conftest import a_picture, a_report, until
from tests.fixtures_postgres import FOLDER, TEMPORARY, clear_away
from tests.server.verifying.test_covering import ONE_REASON

REPEATABLE = "0014_identities_have_a_role"  # a migration that may run again
ROOT = Path(server.__file__).parents[1]


def run(url, *words):
    """Return (exit, lines) of the program, with only the address from our environment."""
    done = subprocess.run(
        [sys.executable, "-m", "server.verifying", *map(str, words)],
        cwd=ROOT,
        env={"DATABASE_URL": url, "PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
async def city(office, database_url, tmp_path):
    """A report with a shown photo, sealed and anchored; copies of its storage and anchors."""
    laoma, picture = await office.phone_of("老马"), a_picture("navy")
    await laoma.submit(a_report(picture))
    await laoma.upload(picture)
    rendition = await until(lambda: Rendition.get_or_none(size="large"))
    await office.stop_working()
    await anchoring.close_block()
    await anchoring.anchor(office.tools.settings, now=office.watch.now())
    storage = tmp_path / "storage"
    photo = await Photo.get()
    for key in (photo.key, rendition.key, (await Rendition.get(size="small")).key):
        (storage / key).parent.mkdir(parents=True, exist_ok=True)
        (storage / key).write_bytes(await office.tools.storage.read(key))
    shutil.copy(office.tools.settings.data_dir / "anchors.log", tmp_path / "anchors.log")
    words = ("--anchors", tmp_path / "anchors.log", "--storage", storage.as_uri())
    return SimpleNamespace(
        url=database_url, words=words, storage=storage, original=photo.key, shown=rendition.key
    )


@pytest.fixture(autouse=True)
async def fresh(office):
    (office.tools.settings.data_dir / "anchors.log").unlink(missing_ok=True)


async def test_all_is_well_and_it_says_what_was_looked_at(city):
    ended, lines = await asyncio.to_thread(run, city.url, *city.words)
    assert (ended, len(lines)) == (0, 1)
    assert lines[0].startswith("核验通过：")
    assert "、3个照片文件，与1个锚点对照" in lines[0]


async def test_a_block_that_somebody_noted_elsewhere_is_compared(city):
    number, block = max((await verify(city.url)).blocks.items())
    other = "0" * 8 if not block.startswith("0" * 8) else "1" * 8
    for seen, ended, said in [
        (f"{number}:{block[:8]}", 0, "核验通过"),
        (f"{number}：{block}", 0, "核验通过"),
        (f"{number}:{other}", 1, f"异常：第{number}块与抄录的校验值不符：此前被重写。"),
        (f"{number + 1}:{block}", 1, f"异常：抄录的第{number + 1}块不在：尾部被截断。"),
        (f"{number}:{block[:7]}", 2, ""),
        ("x", 2, ""),
    ]:
        done = await asyncio.to_thread(run, city.url, *city.words, "--seen", seen)
        assert (done[0], "".join(done[1][:1])[: len(said)]) == (ended, said)


@pytest.mark.parametrize("which", ["original", "shown"])
@pytest.mark.parametrize("damage", ["last byte", "first bytes", "cut", "gone"])
async def test_a_photo_whose_bytes_are_others_is_named(city, which, damage):
    key = getattr(city, which)
    file = city.storage / key
    data = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(data[:-1])
    else:
        place = -1 if damage == "last byte" else 3
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + (data[place + 1 :] if place > 0 else b""))
    ended, lines = await asyncio.to_thread(run, city.url, *city.words)
    assert (ended, len(lines)) == (1, 2)
    assert key in lines[0]
    assert lines[1].startswith("核验不通过，1处异常：")


async def test_after_a_rotation_of_keys_the_originals_are_what_they_were(office, city):
    before = await office.tools.storage.read(city.original)
    await office.tools.storage.rewrap(city.original, ring=office.tools.keys)
    after = await office.tools.storage.read(city.original)
    assert after != before
    (city.storage / city.original).write_bytes(after)
    ended, lines = await asyncio.to_thread(run, city.url, *city.words)
    assert (ended, lines[-1][:4]) == (0, "核验通过")


async def test_what_it_says_holds_no_value_no_salt_and_no_actor(office, city, database_url):
    chen = await office.desk_of("小陈")
    line = await asyncpg.connect(database_url)
    try:
        secrets = [row["nonce"].hex() for row in await line.fetch("SELECT nonce FROM ledger.opening")]
        for table, column in (("observation", "text"), ("photo", "kind"), ("journal_entry", "deed")):
            await line.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await line.execute(f"UPDATE {table} SET {column} = {column} || 'X'")
    finally:
        await line.close()
    try:
        ended, lines = await asyncio.to_thread(run, city.url, *city.words)
    finally:
        line = await asyncpg.connect(database_url)
        for table in ("observation", "photo", "journal_entry"):
            await line.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            for one in "iudt":
                await line.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER zz_ledger_{one}")
        await line.close()
    assert ended == 1
    told = "\n".join(lines)
    assert "坑槽" not in told
    assert str(chen.person.id) not in told
    assert not [one for one in secrets if one in told]


@pytest.fixture
async def logins(database_url):
    """Two production logins: one with the servers' role alone, one that reads all data."""
    line = await asyncpg.connect(database_url)
    found = {}
    for role in ("duchatong_app", "pg_read_all_data"):
        name = f"login_{uuid4().hex[:8]}"
        await line.execute(f"CREATE ROLE {name} LOGIN IN ROLE {role}")
        parts = urlsplit(database_url)
        found[role] = urlunsplit(parts._replace(netloc=f"{name}@{parts.netloc.rpartition('@')[2]}"))
    yield found
    for url in found.values():
        await line.execute(f"DROP ROLE {urlsplit(url).username}")
    await line.close()


async def test_a_login_that_only_reads_verifies_and_the_servers_own_does_not(city, logins):
    ended, lines = await asyncio.to_thread(run, logins["pg_read_all_data"], *city.words)
    assert (ended, lines[-1][:4]) == (0, "核验通过")
    ended, lines = await asyncio.to_thread(run, logins["duchatong_app"], *city.words)
    assert ended == 2
    assert "VERIFY_DATABASE_URL" in lines[0]

    line = await asyncpg.connect(logins["pg_read_all_data"])
    try:
        for statement in (
            "UPDATE ledger.version SET no = 1",
            "SELECT ledger.close_block()",
            "DELETE FROM photo",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await line.execute(statement)
    finally:
        await line.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "请设置 DATABASE_URL"),
        ("postgresql://postgres@/nowhere?host=/no/such/folder", "连不上数据库"),
    ],
)
def test_what_could_not_be_looked_at_did_not_pass(url, said):
    ended, lines = run(url)
    assert ended == 2
    assert "没有核验" in lines[0]
    assert said in lines[0]


async def test_an_address_that_is_none_and_a_database_without_a_ledger(city, postgres):
    ended, lines = await asyncio.to_thread(run, city.url, "--storage", "ftp://x")
    assert (ended, lines[0][:4]) == (2, "没有核验")
    empty = await postgres.new_database()
    ended, lines = await asyncio.to_thread(run, empty)
    assert (ended, lines) == (2, ["没有核验：这个数据库里没有存证账本，请先运行 scripts/migrate。"])
    await postgres.drop(empty)


@pytest.fixture
async def elsewhere():
    """Another server, like an auditor's."""
    folder = TEMPORARY / f"{FOLDER}{uuid4().hex[:8]}"
    embedded = EmbeddedPostgres(folder)
    yield await asyncio.to_thread(embedded.start)
    await asyncio.to_thread(embedded.stop)
    await asyncio.to_thread(clear_away, folder)


def restore(source, target):
    """Restore a dump without owners and rights on another server."""
    dump = [program("pg_dump"), "--no-owner", "--no-acl", source]
    dumped = subprocess.run(dump, capture_output=True, check=True).stdout
    subprocess.run(
        [program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", target],
        input=dumped,
        capture_output=True,
        check=True,
    )


async def test_a_dump_restored_elsewhere_verifies_goes_on_in_a_new_era_and_tells_what_was_changed(
    city, elsewhere
):
    await asyncio.to_thread(restore, city.url, elsewhere)
    ended, lines = await asyncio.to_thread(run, elsewhere, *city.words)
    assert (ended, lines[-1][:4]) == (0, "核验通过")

    line = await asyncpg.connect(elsewhere, server_settings={"ledger.migrating": "yes"})
    try:
        assert await line.fetchval("SELECT ledger.open_era()")
        assert not await line.fetchval("SELECT ledger.open_era()")
        await line.execute("UPDATE observation SET place_name = '别处'")
        await line.execute("SELECT ledger.close_block()")
        assert await line.fetchval("SELECT max(era) FROM ledger.block") == 2
        ended, lines = await asyncio.to_thread(run, elsewhere, *city.words)
        assert (ended, lines[-1][:4]) == (0, "核验通过")

        entry = await line.fetchval("SELECT max(id) FROM journal_entry WHERE deed = 'ledger.migrated'")
        await line.execute("ALTER TABLE observation DISABLE TRIGGER USER")
        row = await line.fetchval("UPDATE observation SET text = text || '。' RETURNING id")
        ended, lines = await asyncio.to_thread(run, elsewhere, *city.words)
        assert ended == 1
        assert lines[:2] == [
            "异常：表observation的触发器缺失或停用。",
            f"异常：observation {row}被改动；最后一次有记录的写入是第{entry}条日志（ledger.migrated）。",
        ]
    finally:
        await line.close()


async def test_a_database_that_differs_from_its_ledger_is_not_migrated_unless_somebody_says_so(postgres):
    """Tampered rows that a migration covers again would look clean afterwards."""
    url = await postgres.new_database(template=await postgres.template(migrate))
    async with TortoiseContext():
        line = await asyncpg.connect(url, server_settings={"ledger.migrating": "yes"})
        try:
            await line.execute(ONE_REASON)
            await line.execute("ALTER TABLE reason DISABLE TRIGGER zz_ledger_u")
            await line.execute("UPDATE reason SET text = '丙'")
            await migrate(url)  # there is nothing to do: nothing is covered again
            await line.execute("DELETE FROM tortoise_migrations WHERE name = $1", REPEATABLE)
            with pytest.raises(LedgerBroken, match="升级前核验不通过，2处异常"):
                await migrate(url)
            assert not await line.fetchval("SELECT 1 FROM tortoise_migrations WHERE name = $1", REPEATABLE)

            await migrate(url, despite_faults=True)
            said = await line.fetchval("SELECT detail FROM journal_entry WHERE deed = 'ledger.overruled'")
            assert said == '{"faults": 2}'
            assert len((await verify(url)).faults) == 2  # what was not altered was not covered again
        finally:
            await line.close()
    await postgres.drop(url)
