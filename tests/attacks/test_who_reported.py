"""With the database, its system columns and its write-ahead log, but no key, no report can be joined to a person.

Each attack runs over the tables of a scripted day, and finds the join when a protection is removed.
"""

import base64
import random
from collections import defaultdict
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from models import Observation, Person, ReportMessage, Session
from models.vocabulary import Role
from server import observations, people, reporters
from server.people import sessions
from tests.conftest import a_picture, a_report, until

CITIZENS = 8
OF_REPORTS = (
    *("observation", "observation_revision", "thread_message", "reporter", "report_message", "manifest_line"),
    *("photo", "rendition", "content_check"),
)
# What still holds both a person and a report. Nothing may be added here.
NOT_YET: set[str] = set()
# The ledger keeps the key of every duty's row, a citizen's too: it reveals the first visit, as the log does.
OF_DUTIES = "opening"


class Day:
    """Citizens who sign in, report with pictures, write, correct and withdraw; an office that answers."""

    def __init__(self, office, dump):
        self.office, self.dump, self.sent = office, dump, {}  # who sent each report, by client id
        self.people: list[UUID] = []

    async def tell(self):
        phones = [await self._arrive(number) for number in range(CITIZENS)]
        chen = await self.office.actor(await self.office.enrol("小陈", Role.OFFICE_STAFF))
        self.office.watch.ahead = timedelta(days=1)  # everybody's next visit is the first of the day
        random.Random(7).shuffle(phones)
        for number, phone in enumerate(phones):
            await self._report(phone, number)
        await until(self._is_told)
        await self.office.stop_working()
        self.evening = await self.dump.fetchval("SELECT pg_current_wal_flush_lsn()")
        await self._answer(chen)
        self.office.watch.ahead = timedelta(days=1, hours=1)
        await people.write_down_seen()
        return self

    async def _arrive(self, number):
        phone = self.office.phone()
        await phone.sign_in(f"demo-citizen{number}")
        await phone.put("/me/consent", json={"version": "1"})
        await phone.put("/me/nickname", json={"nickname": f"只有本人知道的名字{number}"})
        phone.id = UUID((await phone.get("/me")).json()["person"]["id"])
        self.people.append(phone.id)
        return phone

    async def _report(self, phone, number):
        picture, client_id = a_picture((number * 20, 90, 40)), uuid4()
        report = a_report(picture, text=f"第{number}处路灯整夜不亮")
        await phone.get("/me")
        assert (await phone.submit(report, client_id)).status_code == 201
        assert (await phone.upload(picture)).status_code == 201
        key = {"idempotency-key": str(uuid4())}
        await phone.post(f"/observations/{client_id}/messages", json={"text": f"补一句{number}"}, headers=key)
        if number % 3 == 1:
            changed = report | {"text": f"第{number}处路灯修好又坏了"}
            assert (
                await phone.put(f"/observations/{client_id}/revisions/1", json=changed)
            ).status_code == 201
        if number % 4 == 3:
            assert (await phone.delete(f"/observations/{client_id}")).status_code == 200
        self.sent[client_id] = phone.id

    async def _is_told(self):
        return await ReportMessage.filter(title="已收到您的上报").count() == CITIZENS

    async def _answer(self, chen):
        for report in (await Observation.filter(state="received"))[:2]:
            now = self.office.watch.now()
            await observations.ask_more(
                report.id, version=report.version, reason="unclear_place", by=chen, now=now
            )


@pytest.fixture
async def dump(database_url):
    """Everything that a superuser of the database can read."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def day(office, dump):
    return Day(office, dump)


async def tables(dump):
    """Return every table with its columns, including the ledger's, and which tables have a row per person."""
    rows = await dump.fetch(
        """SELECT table_schema || '."' || table_name || '"' AS address, table_name, column_name, data_type
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_type = 'BASE TABLE' AND table_schema IN ('public', 'ledger')"""
    )
    columns = defaultdict(list)
    for row in rows:
        columns[row["table_name"], row["address"]].append(row["column_name"])
    persons = {key for key, names in columns.items() if key[0] == "person" or "person_id" in names}
    return columns, persons


async def values(dump, address):
    """Return each row of a table as its columns' values in text, bytes in hex."""
    return [
        {
            name: value.hex() if isinstance(value, bytes) else str(value)
            for name, value in row.items()
            if value is not None
        }
        for row in await dump.fetch(f"SELECT * FROM {address}")
    ]


def spellings(value):
    """Return a value in every encoding in which it could appear."""
    raw = [value.encode()]
    if len(value) == 36 and value.count("-") == 4:
        raw.append(UUID(value).bytes)
    found = {value, value.replace("-", "")} | {one.hex() for one in raw}
    return found | {base64.b64encode(one).decode().rstrip("=") for one in raw}


async def joins(dump, day):
    """Return values of one citizen's rows in other tables, and values of one report's in the citizen's."""
    columns, persons = await tables(dump)
    of_citizens, of_reports, elsewhere, with_persons = defaultdict(set), defaultdict(set), [], []
    for key in columns:
        for row in await values(dump, key[1]):
            person = row.get("id") if key[0] == "person" else row.get("person_id")
            if key in persons and key[0] not in NOT_YET:
                with_persons.append((key[0], " ".join(row.values())))
                for value in row.values():
                    of_citizens[value].add(person)
            elif key not in persons and key[0] != OF_DUTIES:
                elsewhere.append((key[0], " ".join(row.values())))
                if key[0] in OF_REPORTS:
                    for value in row.values():
                        of_reports[value].add(
                            row.get("observation_id") or row.get("subject_id") or row.get("id")
                        )
    citizens = {str(one) for one in day.people}
    told = {v for v, whose in of_citizens.items() if len(v) >= 8 and len(whose) == 1 and whose <= citizens}
    said = {v for v, whose in of_reports.items() if len(v) >= 8 and len(whose) == 1 and " " not in v}
    assert len(told) >= CITIZENS * 6, "hardly anything is known of people: what is measured here?"
    assert len(said) >= CITIZENS * 6, "hardly anything is known of reports: what is measured here?"
    return {
        (table, value)
        for known, rows in ((told, elsewhere), (said, with_persons))
        for value in known
        for spelling in spellings(value)
        for table, text in rows
        if spelling in text
    }


async def test_no_value_of_a_person_stands_in_a_table_about_reports_in_any_encoding(day, dump):
    await day.tell()
    assert await joins(dump, day) == set()


@pytest.mark.parametrize("how", ["id", "designation", "base64"])
async def test_a_person_written_into_a_report_would_be_found(day, dump, how):
    await day.tell()
    person = await Person.get(id=day.people[0])
    told = {"id": str(person.id), "designation": person.designation}
    told["base64"] = base64.b64encode(person.id.bytes).decode()
    await Observation.filter(text__startswith="第0处").update(place_name=f"门口 {told[how]}")
    assert {table for table, _ in await joins(dump, day)} == {"observation"}


async def test_with_all_keys_every_reporter_is_found(day):
    """The control: with the keys, what the attack searches for is there."""
    await day.tell()
    found = {one.client_id: await reporters.reporter_of(one.id) for one in await Observation.all()}
    assert found == day.sent


async def stamps(dump, day):
    """Return the transactions that wrote or locked rows of some but not all citizens, and those of rows of reports.

    A transaction for all citizens together, such as the hourly writing of who was seen, reveals nobody.
    """
    columns, persons = await tables(dump)
    of_people, of_reports = defaultdict(set), set()
    for table, address in columns:
        select = f"SELECT *, xmin::text::bigint AS born, xmax::text::bigint AS held FROM {address}"
        for row in await dump.fetch(select):
            marks = {row["born"], row["held"]} - {0}
            if (table, address) in persons and table not in NOT_YET:
                person = row["id"] if table == "person" else row["person_id"]
                for one in marks if person in day.people else ():
                    of_people[one].add(person)
            elif table in OF_REPORTS:
                of_reports |= marks
    return {one for one, whose in of_people.items() if len(whose) < CITIZENS}, of_reports


def beside(of_people, of_reports):
    return {one for one in of_people for step in (-1, 0, 1) if one + step in of_reports}


async def test_no_system_column_joins_a_person_to_a_report(day, dump):
    await day.tell()
    of_people, of_reports = await stamps(dump, day)
    assert len(of_reports) >= CITIZENS
    assert beside(of_people, of_reports) == set()


async def test_a_locked_row_would_join_them(day, dump, monkeypatch):
    async def lock(person_id):
        await Person.select_for_update().get(id=person_id)

    monkeypatch.setattr(reporters, "lock_reporter", lock)
    await day.tell()
    assert beside(*await stamps(dump, day))


async def test_a_last_look_written_at_once_would_join_them(day, dump, monkeypatch):
    async def seen(token, **how):
        actor = await admit(token, **how)
        look = (actor.session_id, sessions.day_of(how["now"]))
        if look not in written:  # once a day, as before
            written.add(look)
            sessions._seen.pop(actor.session_id, None)  # nothing is left to write for all at once
            await Session.filter(id=actor.session_id).update(seen_at=how["now"])
        return actor

    admit, written = sessions.admit, set()
    monkeypatch.setattr(people, "admit", seen)
    await day.tell()
    assert beside(*await stamps(dump, day))


WAL = """
SELECT b.xid::text, coalesce(t.relname, c.relname) AS table_name
FROM pg_get_wal_block_info($1, $2) b
JOIN pg_class c ON c.relfilenode = b.relfilenode
LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
WHERE b.reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND b.xid::text <> '0'
"""


async def touched_together(dump, day, *, since):
    """Return the pairs of tables, one of persons and one of reports, that one transaction of the day touches.

    The office's own answers come in the evening: it is no secret who in the office wrote.
    """
    _, persons = await tables(dump)
    of_persons = {table for table, _ in persons} - NOT_YET
    by_transaction = defaultdict(set)
    for row in await dump.fetch(WAL, since, day.evening):
        by_transaction[row["xid"]].add(row["table_name"])
    assert sum("observation" in touched for touched in by_transaction.values()) >= CITIZENS
    assert sum("person" in touched for touched in by_transaction.values()) >= CITIZENS
    return {
        (one, other)
        for touched in by_transaction.values()
        for one in touched & of_persons
        for other in touched & set(OF_REPORTS)
    }


async def test_no_transaction_of_the_log_touches_a_person_and_a_report(day, dump):
    await dump.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
    since = await dump.fetchval("SELECT pg_current_wal_insert_lsn()")
    await day.tell()
    assert await touched_together(dump, day, since=since) == set()


async def test_the_log_would_tell_of_a_locked_row(day, dump, monkeypatch):
    async def lock(person_id):
        await Person.select_for_update().get(id=person_id)

    monkeypatch.setattr(reporters, "lock_reporter", lock)
    await dump.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
    since = await dump.fetchval("SELECT pg_current_wal_insert_lsn()")
    await day.tell()
    assert ("person", "observation") in await touched_together(dump, day, since=since)


async def test_what_the_journal_keeps_of_a_report_names_nobody(day, dump):
    """Neither an actor nor an event of the person nearby, such as their joining."""
    await day.tell()
    ids = [str(one) for one in day.people]
    assert await dump.fetchval("SELECT count(*) FROM journal_actor WHERE actor_id::text = ANY($1)", ids) == 0
    assert (
        await dump.fetchval("SELECT count(*) FROM journal_entry WHERE subject_id::text = ANY($1)", ids) == 0
    )
    assert (
        await dump.fetchval("SELECT count(*) FROM journal_entry WHERE deed = 'observation.submitted'")
        == CITIZENS
    )


async def test_of_a_person_on_a_phone_days_are_kept_and_no_model(day, dump):
    await day.tell()
    rows = await dump.fetch("SELECT * FROM session WHERE channel = 'phone'")
    zone = "SELECT ($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::time::text"
    times = {
        await dump.fetchval(zone, row[name]) for row in rows for name in ("created_at", "seen_at", "ends_at")
    }
    assert times == {"00:00:00"}
    assert {row["device"] for row in rows} == {"其他"}
