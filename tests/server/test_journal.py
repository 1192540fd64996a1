"""The journal: append-only, chained, and any planted change is found."""

import asyncio

import asyncpg
import pytest
from tortoise import connections
from tortoise.exceptions import OperationalError

from models import JournalEntry, NumberSeries
from models.vocabulary import Role
from server import anchoring, journal
from server.verifying import verify
from server.work import deed
from tests.conftest import a_report

TAMPER = "SET session_replication_role = replica;"  # what an intruder with the owner's rights can do
REHASH = """
UPDATE journal_entry SET hash = encode(sha256(convert_to(concat_ws(chr(31), prev, id::text,
    floor(extract(epoch FROM at) * 1000000)::bigint::text, deed, subject_kind, subject_id::text,
    coalesce(actor_id::text, '-'), detail::text), 'UTF8')), 'hex')
"""


@pytest.fixture
async def entries(office):
    """A dozen entries of an ordinary morning."""
    laoma = await office.phone_of("老马")
    await office.enrol("小陈", Role.OFFICE_STAFF)
    await asyncio.gather(*(laoma.submit(a_report()) for _ in range(6)))
    count = await JournalEntry.all().count()
    assert count > 8
    return count


async def owner(database_url, *statements):
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute(TAMPER)
            for statement in statements:
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_honest_journal_verifies(entries, database_url):
    assert await verify(database_url) == []


async def test_numbers_have_no_gaps_under_parallel_deeds(entries):
    ids = await JournalEntry.all().order_by("id").values_list("id", flat=True)
    assert list(ids) == list(range(1, entries + 1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET deed = 'observation.declined' WHERE id = 4",
        "UPDATE journal_entry SET detail = '{\"photos\": 9}' WHERE id = 4",
        "UPDATE journal_entry SET at = at - interval '1 microsecond' WHERE id = 4",
        "UPDATE journal_entry SET actor_id = gen_random_uuid() WHERE id = 4",
        "UPDATE journal_entry SET subject_id = gen_random_uuid() WHERE id = 4",
        "DELETE FROM journal_entry WHERE id = 4",
        "DELETE FROM journal_entry WHERE id = 1",
        "DELETE FROM journal_entry WHERE id = (SELECT max(id) FROM journal_entry)",
        "UPDATE journal_entry SET id = 100000 WHERE id = 4",
        "UPDATE journal_entry a SET deed = b.deed FROM journal_entry b WHERE a.id = 1 AND b.id = 5",
        "INSERT INTO journal_entry (id, at, deed, subject_kind, subject_id, actor_id, detail, prev, hash) SELECT"
        " 999, at, deed, subject_kind, subject_id, actor_id, detail, prev, hash FROM journal_entry WHERE id = 3",
        "UPDATE number_series SET last_number = last_number + 1",
        "UPDATE journal_head SET last_hash = repeat('1', 64)",
    ],
)
async def test_a_planted_change_is_found(office, entries, database_url, statement):
    if "number_series" in statement:
        await NumberSeries.create(organisation=office.root, series="改", year=2026)
    await owner(database_url, statement)
    assert await verify(database_url) != []


async def test_a_rewritten_chain_is_shown_by_the_anchor(office, entries, database_url, tmp_path):
    anchors = tmp_path / "anchors.log"
    await anchoring.anchor(anchors, now=office.watch.now())
    assert await verify(database_url, anchors=anchors) == []

    steps = [
        "UPDATE journal_entry e SET prev = coalesce("
        "(SELECT hash FROM journal_entry WHERE id = e.id - 1), repeat('0', 64))"
        f" WHERE id = {number}; {REHASH} WHERE id = {number};"
        for number in range(1, entries + 1)
    ]
    await owner(
        database_url,
        "UPDATE journal_entry SET deed = 'person.locked' WHERE id = 2",
        *steps,
        "UPDATE journal_head SET last_hash = (SELECT hash FROM journal_entry ORDER BY id DESC LIMIT 1)",
    )
    assert await verify(database_url) == []  # whoever owns the database can forge a whole chain …
    assert await verify(database_url, anchors=anchors) != []  # … but not what left the building


async def test_a_cut_tail_is_shown_by_the_anchor(office, entries, database_url, tmp_path):
    anchors = tmp_path / "anchors.log"
    await anchoring.anchor(anchors, now=office.watch.now())
    await owner(
        database_url,
        "DELETE FROM journal_entry WHERE id > 3",
        "UPDATE journal_head SET last_id = 3, last_hash = (SELECT hash FROM journal_entry WHERE id = 3)",
    )
    assert await verify(database_url) == []
    assert await verify(database_url, anchors=anchors) != []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET deed = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_head SET last_id = 0",
        "DELETE FROM journal_head",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE journal_entry",
    ],
)
async def test_the_server_itself_can_not_change_the_journal(entries, statement):
    connection = connections.get("default")
    with pytest.raises(OperationalError, match=r"permission denied|must be owner"):
        await connection.execute_script(statement)
    assert await JournalEntry.all().count() == entries


async def test_even_the_owner_meets_the_trigger(entries, database_url):
    connection = await asyncpg.connect(database_url)
    try:
        for statement in (
            "UPDATE journal_entry SET deed = 'x'",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_entries_written_together_stand_in_the_order_of_their_deeds(office, database_url):
    people = [await office.enrol(f"队员{number}", Role.TEAM_MEMBER) for number in range(3)]
    await recorded_together(people)
    entries = await JournalEntry.filter(deed="person.stayed").order_by("id")
    assert [(entry.subject_id, entry.detail) for entry in entries] == [
        (person.id, {"place": place}) for place, person in enumerate(people)
    ]
    assert await verify(database_url) == []


@deed
async def recorded_together(people):
    async with journal.together():
        for place, person in enumerate(people):
            assert await journal.record("person.stayed", person, by=None, place=place) == 0
