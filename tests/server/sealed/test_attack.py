"""With every table and every key of the server, no sealed reporter can be found among ten suspects."""

import json
import re
from base64 import b64decode
from uuid import uuid4

import asyncpg
import pytest

from models import JournalEntry, Observation, SealedAccess
from models.vocabulary import Role
from server import reporters, sealed
from server.people import identities
from server.sealed import envelopes
from tests.conftest import a_picture, a_report, sha256
from tests.server.sealed.conftest import Sealer, entered, tickets_of

OF_REPORTS = [
    "observation",
    "escrow",
    "sealed_access",
    "photo",
    "manifest_line",
    "rendition",
    "thread_message",
]
OF_PEOPLE = [
    "person",
    "identity",
    "session",
    "duty",
    "ticket_day",
    "consent",
    "inbox_message",
    "reporter_salt",
]
# Days, hours, and words too short to distinguish people.
COMMON = re.compile(r"\d{4}-\d\d-\d\d.*|.{0,7}", re.DOTALL)


async def tables(owner):
    """Return every table; only the database's owner sees them all."""
    found = await owner.fetch(
        """SELECT table_schema AS place, table_name AS name FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""
    )
    return {one["name"]: f'"{one["place"]}"."{one["name"]}"' for one in found}


async def dump(owner, names):
    """Return every row of these tables; a missing table has none."""
    rows = []
    for name, table in (await tables(owner)).items():
        if name in names:
            found = await owner.fetch(f"SELECT *, xmin::text, xmax::text FROM {table}")
            rows += [(name, dict(row)) for row in found]
    return rows


def values(rows):
    """Return every value in rows that could identify somebody, in hex and as text."""
    found = set()
    for _, row in rows:
        for name, value in row.items():
            if name in ("xmin", "xmax") or value is None or isinstance(value, bool):
                continue
            text = value.hex() if isinstance(value, bytes) else str(value)
            found |= {one for one in re.split(r"[\s\"{}\[\],:]+", text) if not COMMON.fullmatch(one)}
    return found


@pytest.fixture
async def owner(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def day(city):
    """Ten people who all opened the program; one reported with a hidden name, one sealed."""
    phones = [await city.phone_of(f"群众{number}", Role.CITIZEN) for number in range(10)]
    for number, phone in enumerate(phones):
        known = {"real_name": f"真名甲乙丙{number}", "phone": f"1390000{number:04d}"}
        await identities.bind(phone.person, keys=city.tools.keys, **known)
    tickets = [await tickets_of(phone) for phone in phones]
    picture = a_picture("red")
    await phones[3].submit(a_report(picture), uuid4())
    sealer = Sealer(city, tickets[7][0])
    await entered(sealer)
    return phones, sealer, tickets


async def the_sealed(owner):
    """Return the rows that concern only the sealed report."""
    one = await Observation.get(anonymity="sealed")
    rows = await dump(owner, OF_REPORTS)
    return one, [
        (name, row)
        for name, row in rows
        if str(one.id) in map(str, row.values()) or row.get("key", "").startswith("sealed/")
    ]


async def test_no_value_about_the_report_stands_beside_a_person(owner, day):
    one, mine = await the_sealed(owner)
    assert {name for name, _ in mine} >= {"observation", "escrow", "sealed_access", "photo", "manifest_line"}
    people = values(await dump(owner, OF_PEOPLE))
    assert values(mine) & people - {str(one.office_id)} == set()


async def test_the_comparison_finds_a_person_who_was_written_down(owner, day):
    phones, _, _ = day
    one = await Observation.get(anonymity="sealed")
    await Observation.filter(id=one.id).update(place_name=str(phones[7].person.id))
    _, mine = await the_sealed(owner)
    found = values(mine) & values(await dump(owner, OF_PEOPLE)) - {str(one.office_id)}
    assert found == {str(phones[7].person.id)}


async def test_no_transaction_wrote_of_the_report_and_of_a_person(owner, day):
    _, mine = await the_sealed(owner)
    wrote = {row[column] for _, row in mine for column in ("xmin", "xmax")} - {"0"}
    touched = {row[column] for _, row in await dump(owner, OF_PEOPLE) for column in ("xmin", "xmax")} - {"0"}
    assert wrote & touched == set()


async def test_all_keys_find_the_hidden_reporter_and_not_the_sealed_one(city, owner, day):
    phones, _, _ = day
    hidden, (one, mine) = await Observation.get(anonymity="hidden"), await the_sealed(owner)
    assert await reporters.reporter_of(hidden.id) == phones[3].person.id  # the control
    assert await reporters.reporter_of(one.id) is None
    for phone in phones:
        assert one.id not in await reporters.mine(phone.person.id)

    keys, told = city.tools.keys, values(mine)
    for phone in phones:
        facts = [str(phone.person.id), f"openid-demo-{phone.person.designation}", phone.person.designation]
        for kind in ("openid", "phone", "real_name", "recovery code", "mark", "photo day"):
            assert told & {keys.lookup(fact, kind=kind) for fact in facts} == set()


async def test_the_envelope_out_of_the_servers_seal_tells_nobody(city, day):
    phones, _, _ = day
    (report,) = await envelopes.all_reports()
    kept = await envelopes.kept(report)
    packed = b64decode(city.tools.keys.unseal(kept.envelope_sealed, bound_to=f"escrow:{kept.observation_id}"))
    for phone in phones:
        for fact in (
            phone.person.id.bytes,
            str(phone.person.id).encode(),
            phone.person.designation.encode(),
            b"openid",
        ):
            assert fact not in packed


async def test_capability_code_ticket_and_picture_stand_in_no_table_at_all(city, owner, day):
    _, sealer, tickets = day
    everything = json.dumps(
        [
            str(row)
            for name in (await tables(owner)).values()
            for row in await owner.fetch(f"SELECT t::text FROM {name} t")
        ],
        ensure_ascii=False,
    )
    assert (await SealedAccess.get()).capability_hash in everything  # it was searched
    picture = sealer.pictures[0]
    for secret in (sealer.capability, sealer.code, sealer.ticket, sealer.ticket[-60:], sha256(picture)):
        assert secret not in everything
    assert all(one not in everything for of_one in tickets for one in of_one)


async def test_what_arrives_in_an_hour_is_entered_in_another_order_than_it_came(city, day):
    """For nine reports, the order is the same by chance once in 362,880 times."""
    *_, tickets = day
    came = []
    for of_one in tickets[:9]:
        came.append((await Sealer(city, of_one[1]).submit()).json()["receipt_number"])
    await sealed.enter_arrivals()
    entries = await JournalEntry.filter(event="observation.submitted").order_by("id")
    numbers = dict(await Observation.all().values_list("id", "receipt_number"))
    as_entered = [numbers[one.subject_id] for one in entries if numbers[one.subject_id] in came]
    assert sorted(as_entered) == sorted(came)
    assert as_entered != came
    hours = await Observation.filter(receipt_number__in=came).values_list("received_at", flat=True)
    assert {(one.minute, one.second) for one in hours} == {(0, 0)}
