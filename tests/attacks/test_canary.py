"""A person with an unmistakable name goes through every flow and appears nowhere they should not.

Searched: every row of every table, the bytes of a dump and of the cluster's files with its log (the content of
backups), every file in the storage, the programs' logs, the monitoring counts, the messages through WeChat, and
every sheet that the office exports.
"""

import base64
import json
import subprocess
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from models import Export, Observation, Person, ReportMessage, SubscriptionQuota
from models.vocabulary import ExportState, ObservationKind, Role, SubscriptionOutcome
from server import exports, observations, own_data
from server.exports.books import BOOKS
from server.gateways.workbooks import read_sheet
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.ledger import NewItem
from server.notifications import wechat_messages
from server.people import identities
from server.trial.postgres_programs import program
from tests.conftest import a_picture, a_report, until

NICKNAME = "金丝雀七号QX"
OF_PERSONS = {
    "person",
    "identity",
    "salt",
    "session",
    "duty",
    "consent",
    "digest_sent",
    "subscription_quota",
    "profile",
}


@pytest.fixture
async def dump(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def rows_of(dump):
    """Return every row of every table as one text, with its table."""
    tables = await dump.fetch(
        """SELECT table_schema || '."' || table_name || '"' AS address, table_name FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'ledger')"""
    )
    for table in tables:
        for row in await dump.fetch(f"SELECT t::text AS told FROM {table['address']} t"):
            yield table["table_name"], row["told"]


def spellings(word):
    raw = [word.encode()] + ([UUID(word).bytes] if word.count("-") == 4 else [])
    texts = {word, word.replace("-", "")} | {one.hex() for one in raw}
    return texts | {base64.b64encode(one).decode().rstrip("=") for one in raw}


def found_in(haystack, words):
    return {word for word in words for spelling in spellings(word) if spelling in haystack}


class Canary:
    """A citizen who does everything a citizen can."""

    def __init__(self, office):
        self.office = office

    async def fly(self):
        self.phone = phone = self.office.phone()
        await phone.sign_in("demo-kanarienvogel7")
        await phone.put("/me/consent", json={"version": "1"})
        await phone.put("/me/nickname", json={"nickname": NICKNAME})
        me = (await phone.get("/me")).json()["person"]
        self.id = me["id"]
        person = await Person.get(id=self.id)
        self.openid = await identities.openid_of(person, keys=self.office.tools.keys)
        assert len(self.openid) > 8
        self.reports = [await self._report(number) for number in range(3)]
        await phone.delete(f"/observations/{self.reports[2]}")
        return self

    async def _report(self, number):
        client_id, picture = uuid4(), a_picture((number * 60, 20, 90))
        answer = await self.phone.submit(a_report(picture, text=f"第{number}处路灯整夜不亮"), client_id)
        assert answer.status_code == 201, answer.text
        assert (await self.phone.upload(picture)).status_code == 201
        key = {"idempotency-key": str(uuid4())}
        told = await self.phone.post(
            f"/observations/{client_id}/messages", json={"text": "补一句"}, headers=key
        )
        assert told.status_code in (200, 201), told.text
        return client_id

    async def allow(self, fake_wechat):
        """Tap 'allow' once; the office and WeChat each count it."""
        template = self.office.tools.settings.wechat_templates["report_answered"]
        await SubscriptionQuota.create(
            person_id=UUID(self.id),
            template=template,
            credits=1,
            outcome=SubscriptionOutcome.ACCEPT,
            told_on=business_date(self.office.watch.now()),
        )
        await fake_wechat.grant(self.openid, template, 1)

    @property
    def words(self):
        return {self.openid, self.id, NICKNAME}


async def the_office_acts(office, canary):
    """Register and answer one report, ask about another, and let the sender read everything."""
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    await until(lambda: Observation.filter(state="received").count())
    first, second = [await Observation.get(client_id=one) for one in canary.reports[:2]]
    new = NewItem("路灯不亮", ObservationKind.PROBLEM)
    now = office.watch.now()
    await observations.accept(first.id, version=first.version, new=new, by=chen, now=now)
    await observations.ask_more(second.id, version=second.version, reason="unclear_place", by=chen, now=now)
    await observations.say_as_office(first.id, text="已经派人去看", by=chen, now=now)

    async def told():
        return len((await canary.phone.get("/inbox")).json()["items"]) >= 3

    await until(told)
    await canary.phone.put("/inbox/reading")
    assert (await canary.phone.get("/my-data/file")).status_code == 200


async def sheets_of(office):
    lead = await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))
    for kind, book in BOOKS.items():
        export = await exports.ask_export(book.shape(), kind=kind, by=lead, now=office.watch.now())
        await until(lambda export=export: Export.get_or_none(id=export.id, state=ExportState.READY))
        tools = office.tools
        _, content = await exports.fetch(
            export.id, by=lead, storage=tools.storage, keys=tools.keys, now=tools.clock.now()
        )
        yield kind, str([row.cells for row in read_sheet(content)])


async def test_a_person_who_went_everywhere_is_found_nowhere(office, dump, capfd):
    canary = await Canary(office).fly()
    await the_office_acts(office, canary)

    in_tables = {
        (table, word) async for table, told in rows_of(dump) for word in found_in(told, canary.words)
    }
    assert {table for table, word in in_tables if word == canary.openid} == set()
    assert {table for table, _ in in_tables} <= OF_PERSONS, in_tables
    assert ("person", canary.id) in in_tables  # the control: rows are really read

    storage = Path(office.tools.settings.data_dir) / "storage"
    files = [path for path in storage.rglob("*") if path.is_file()]
    assert len(files) > 3
    raw = {word.encode() for word in canary.words} | {UUID(canary.id).bytes}
    assert [path for path in files if found_in(str(path), canary.words)] == []
    assert [path for path in files if any(word in path.read_bytes() for word in raw)] == []

    async for kind, told in sheets_of(office):
        assert found_in(told, canary.words) == set(), kind
    metrics = (await office.client().get("/metrics")).text
    assert "duchatong" in metrics
    assert found_in(metrics, canary.words) == set()
    out, err = capfd.readouterr()
    assert found_in(out + err, canary.words) == set()


async def test_what_goes_through_wechat_tells_that_there_is_news_and_nothing_else(office, fake_wechat):
    """WeChat knows whom it tells; the message itself contains no person, no report and nobody's words."""
    await office.tools.redis.cache.delete(f"wechat:token:{fake_wechat.settings.appid}")  # this is a new one
    canary = await Canary(office).fly()
    await canary.allow(fake_wechat)
    await the_office_acts(office, canary)
    await office.stop_working()
    await six_in_the_evening(office)
    await wechat_messages.tell_reporters(tools=office.tools)
    (told,) = await fake_wechat.messages()
    assert told.pop("touser") == canary.openid
    rows = await Observation.all().values_list("id", "client_id", "receipt_number", "text")
    of_reports = {str(value) for row in rows for value in row}
    assert found_in(json.dumps(told, ensure_ascii=False), canary.words) == set()
    assert [value for value in of_reports if value in json.dumps(told, ensure_ascii=False)] == []


async def test_no_byte_of_a_dump_or_of_the_clusters_files_holds_who_somebody_is_outside(
    office, dump, database_url, tmp_path
):
    """Search a dump as it is kept, and what a base backup with its log copies."""
    canary = await Canary(office).fly()
    await the_office_acts(office, canary)
    await office.stop_working()
    kept = tmp_path / "office.dump"
    words = [program("pg_dump"), "--format=custom", "--compress=0", f"--file={kept}", database_url]
    subprocess.run(words, check=True, capture_output=True)
    await dump.execute("CHECKPOINT")
    cluster = Path(await dump.fetchval("SHOW data_directory"))
    files = [kept, *(path for part in ("base", "pg_wal") for path in (cluster / part).rglob("*"))]

    secret = {raw for word in (canary.openid, NICKNAME) for raw in bytes_of(word)}
    shown = (await Observation.get(client_id=canary.reports[0])).receipt_number.encode()
    holders = {path: looked_through(path, {shown} | secret) for path in files if path.is_file()}
    assert shown in holders[kept]
    assert any(shown in found for path, found in holders.items() if path != kept)  # the files are really read
    assert {path: found & secret for path, found in holders.items() if found & secret} == {}


def bytes_of(word):
    """Return the forms in which a word could appear in a file."""
    return {word.encode(), word.encode().hex().encode(), base64.b64encode(word.encode())[:-4]}


def looked_through(path, words):
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # the log continues meanwhile
        return set()
    return {word for word in words if word in content}


async def six_in_the_evening(office):
    """Go to the next working day's evening; messages so far were sent at its noon."""
    day = (await calendar()).due(business_date(office.watch.now()), 1).on
    office.watch.ahead = datetime.combine(day, time(18, 1), SHANGHAI) - datetime.now(UTC)
    await ReportMessage.all().update(created_at=datetime.combine(day, time(12), SHANGHAI))


async def test_who_is_forgotten_is_found_in_no_row_and_no_file(office, dump):
    canary = await Canary(office).fly()
    await the_office_acts(office, canary)
    assert (await canary.phone.put("/my-data/leaving")).status_code == 200
    office.watch.ahead += timedelta(days=8)
    await own_data.let_leavers_go(now=office.watch.now())
    left = {
        (table, word)
        async for table, told in rows_of(dump)
        for word in found_in(told, {canary.openid, NICKNAME})
    }
    assert left == set()
    assert not await Person.exists(id=canary.id) or (await Person.get(id=canary.id)).designation != NICKNAME
    assert await Observation.exists(client_id=canary.reports[0])  # the matter continues
