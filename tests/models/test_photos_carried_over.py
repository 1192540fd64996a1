"""Photos that were taken before they belonged to subjects are found where they were named (migration 0025)."""

import asyncpg

from tests.models.test_migrations import apart, bytes_of, insert, migrate_as_far_as  # noqa: F401
from tests.models.test_migrations import uuid4 as an_id

BEFORE, AFTER = "0024_rows_that_are_nobodys_evidence", "0025_photos_belong_to_subjects"
ONCE, TWICE, WAITING, FORGOTTEN = (letter * 64 for letter in "abcd")


async def test_earlier_photos_belong_to_what_names_them_and_no_more_to_a_person(postgres, apart):  # noqa: F811
    url = await postgres.new_database()
    await migrate_as_far_as(BEFORE, url=url)
    connection = await asyncpg.connect(url)
    laoma, xiaoli = an_id(), an_id()
    first, second, third = sorted(an_id() for _ in range(3))
    try:
        await connection.execute("SET session_replication_role = replica")

        for person in (laoma, xiaoli):
            await insert(connection, "person", id=person)

        async def photo(owner, sha256, **known):
            await insert(
                connection,
                "photo",
                id=(photo_id := an_id()),
                owner_id=owner,
                sha256=sha256,
                key=sha256,
                **known,
            )
            return photo_id

        async def names(owner, subject, *digests):
            for position, sha256 in enumerate(digests, start=1):
                line = {"owner_id": owner, "subject_id": subject, "sha256": sha256, "position": position}
                await insert(connection, "manifest_line", id=an_id(), subject_kind="observation", **line)

        await photo(laoma, ONCE, unnamed_key="left over")
        of_two = await photo(laoma, TWICE, state="shown")
        await photo(laoma, WAITING, unnamed_key="of his day")
        await photo(laoma, FORGOTTEN)
        await photo(xiaoli, ONCE)
        await names(laoma, first, ONCE, TWICE)
        await names(laoma, second, TWICE)
        await names(xiaoli, third, ONCE)
        for subject in (first, second):
            await insert(
                connection, "rendition", id=an_id(), photo_id=of_two, subject_id=subject, size="large"
            )
        await insert(connection, "redaction", id=an_id(), photo_id=of_two, subject_id=first, by_id=laoma)
        await connection.execute("SET session_replication_role = origin")

        await migrate_as_far_as(AFTER, url=url)

        rows = await connection.fetch(
            "SELECT subject_id, subject_kind, sha256, unnamed_key, state FROM photo"
        )
        named = {(row["subject_id"], row["sha256"]) for row in rows if row["subject_id"]}
        assert named == {(first, ONCE), (first, TWICE), (second, TWICE), (third, ONCE)}
        assert {row["subject_kind"] for row in rows if row["subject_id"]} == {"observation"}
        loose = {row["sha256"]: row["unnamed_key"] for row in rows if row["unnamed_key"]}
        assert loose.keys() == {WAITING, FORGOTTEN}
        assert loose[WAITING] == "of his day"
        assert len(rows) == 6

        shown = await connection.fetch(
            """SELECT p.subject_id, p.sha256, p.state, count(DISTINCT r.id) AS renditions, count(DISTINCT d.id) AS black
            FROM rendition r JOIN photo p ON p.id = r.photo_id AND p.subject_id = r.subject_id
            LEFT JOIN redaction d ON d.photo_id = p.id GROUP BY p.id ORDER BY p.subject_id"""
        )
        assert [tuple(row) for row in shown] == [
            (first, TWICE, "shown", 1, 1),
            (second, TWICE, "shown", 1, 1),
        ]
        for table in ("photo", "manifest_line"):
            assert laoma.bytes not in await bytes_of(connection, table), table
    finally:
        await connection.close()
    await postgres.drop(url)
