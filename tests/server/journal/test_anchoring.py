"""Anchors leave the database at once and, if configured, the machine; missing or damaged ones are found."""

import dataclasses
import json
import os

import pytest

from models.vocabulary import Role
from server.jobs.timetable import TIMETABLE
from server.journal import anchoring
from server.journal.anchoring import NotPushed
from server.verifying import verify


@pytest.fixture
async def settings(office, tmp_path):
    """Settings of an office with one sealed block; its anchors are in a separate folder."""
    await office.enrol("小陈", Role.OFFICE_STAFF)
    await anchoring.close_block()
    return dataclasses.replace(office.tools.settings, data_dir=tmp_path / "data")


def lines_of(settings):
    return (settings.data_dir / "anchors.log").read_text("utf-8").splitlines()


async def test_an_anchor_names_the_last_block_and_is_its_owners_alone(office, settings, database_url):
    os.umask(0o022)
    await anchoring.anchor(settings, now=office.watch.now())
    path = settings.data_dir / "anchors.log"
    assert path.stat().st_mode & 0o777 == 0o600
    (line,) = lines_of(settings)
    result = await verify(database_url, anchors=path)
    assert result.faults == []
    assert json.loads(line) | {"at": ""} == {"at": "", "block": 1, "hash": result.blocks[1]}


async def test_a_block_is_anchored_once_and_every_new_one_anew(office, settings):
    for _ in range(2):
        await anchoring.anchor(settings, now=office.watch.now())
    await office.enrol("小周", Role.OFFICE_STAFF)
    await anchoring.close_block()
    await anchoring.anchor(settings, now=office.watch.now())
    assert [json.loads(line)["block"] for line in lines_of(settings)] == [1, 2]


async def test_the_worker_writes_an_anchor_every_minute():
    assert TIMETABLE["anchor_journal"][0] == "* * * * *"


async def test_a_line_that_a_crash_left_half_is_a_finding_and_swallows_no_other(
    office, settings, database_url
):
    path = settings.data_dir / "anchors.log"
    settings.data_dir.mkdir()
    path.write_text('{"at": "2026-11-27T10:0', "utf-8")
    assert (await verify(database_url, anchors=path)).faults == [
        "锚点文件第1行没有写完。",
        "没有一个可用的锚点：整体重写或截断尾部都查不出来。",
    ]
    await anchoring.anchor(settings, now=office.watch.now())
    result = await verify(database_url, anchors=path)
    assert result.faults == ["锚点文件第1行残缺，读不出来。"]
    assert result.counted["anchors"] == 1


@pytest.mark.parametrize(
    "damage",
    [
        "[]",
        "12",
        "null",
        "{}",
        '{"at": "x", "block": 1, "hash": "x"}',
        '{"at": "2026-11-27T10:00:00+08:00", "block": "1", "hash": "x"}',
        '{"at": "2026-11-27T10:00:00+08:00", "block": true, "hash": "x"}',
        '{"at": "2026-11-27T10:00:00+08:00", "block": 1, "hash": 7}',
        '{"at": "2026-11-27T10:00:00", "block": 1, "hash": "x"}',
        "\x00\x00",
        "[" * 5000,
        '{"at": "2026-11-27T10:00:00+08:00", "block": ' + "9" * 5000 + ', "hash": "x"}',
    ],
)
async def test_a_damaged_line_is_a_finding_and_no_crash(office, settings, database_url, damage):
    await anchoring.anchor(settings, now=office.watch.now())
    path = settings.data_dir / "anchors.log"
    path.write_text(damage + "\n" + path.read_text("utf-8"), "utf-8")
    (fault,) = (await verify(database_url, anchors=path)).faults
    assert fault == "锚点文件第1行残缺，读不出来。"


@pytest.mark.parametrize("content", [None, ""])
async def test_a_file_that_is_missing_or_empty_is_no_pass(settings, database_url, tmp_path, content):
    path = tmp_path / "anchors.log"
    if content is not None:
        path.write_text(content, "utf-8")
    assert (
        "没有一个可用的锚点：整体重写或截断尾部都查不出来。"
        in (await verify(database_url, anchors=path)).faults
    )


async def test_an_anchor_is_handed_to_the_offices_own_command(office, settings, tmp_path):
    outside = tmp_path / "outside.log"
    settings = dataclasses.replace(settings, anchor_command=f"tee -a '{outside}'")
    line = await anchoring.anchor(settings, now=office.watch.now())
    for _ in range(2):  # what is already there is not sent again
        await anchoring.push(line, settings)
    assert outside.read_text("utf-8") == f"{line}\n"


async def test_an_anchor_is_put_into_another_storage_that_the_verifier_reads(
    office, settings, tmp_path, database_url
):
    outside = tmp_path / "outside"
    settings = dataclasses.replace(settings, anchor_url=outside.as_uri())
    await anchoring.push(await anchoring.anchor(settings, now=office.watch.now()), settings)
    result = await verify(database_url, anchors=outside)
    assert (result.faults, result.counted["anchors"]) == ([], 1)


@pytest.mark.parametrize("command", ["false", "/no/such/program"])
async def test_an_anchor_that_did_not_get_out_is_offered_again_and_ready_tells_its_age(
    office, settings, tmp_path, command
):
    failing = dataclasses.replace(settings, anchor_command=command)
    line = await anchoring.anchor(failing, now=office.watch.now())
    with pytest.raises(NotPushed):
        await anchoring.push(line, failing)
    assert anchoring.age_seconds(failing) is None  # none is outside
    assert anchoring.age_seconds(settings) < 60  # no outside place was configured
    mended = dataclasses.replace(settings, anchor_command=f"tee '{tmp_path / 'out'}'")
    await anchoring.push(line, mended)
    assert anchoring.age_seconds(mended) < 60


async def test_ready_tells_the_age_of_the_newest_anchor(office):
    path = office.tools.settings.data_dir / "anchors.log"
    path.unlink(missing_ok=True)
    assert (await office.client().get("/ready")).json()["anchor_seconds"] is None
    await anchoring.anchor(office.tools.settings, now=office.watch.now())
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 7200))
    assert 7199 <= (await office.client().get("/ready")).json()["anchor_seconds"] <= 7260
