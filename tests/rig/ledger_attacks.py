"""Attacks on the ledger with the database's own rights: 25 kinds, on randomly drawn rows.

Each runs as superuser with triggers off, inside an open transaction that its caller rolls back.
"""

import hashlib
import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

from models.covered import OF_ROWS

TEXTS = ("character varying", "text")
NOT_KEYS = """
SELECT attname::text AS name, format_type(atttypid, -1) AS type FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id' AND attname = ANY ($2)
"""
LATEST = """
SELECT DISTINCT ON (o.key) o.no, o.key, o.nonce, v.digest, v.op::text AS op, v.xid::text AS xid, v.era
FROM ledger.opening o JOIN ledger.version v USING (no) JOIN ledger.covered c USING (table_id)
WHERE c.name = $1 ORDER BY o.key, o.no DESC
"""
OTHERS = {  # another value of the same type, as close as possible
    "character varying": "{c} || '。'",
    "text": "{c} || '。'",
    "integer": "{c} + 1",
    "smallint": "{c} + 1",
    "bigint": "{c} + 1",
    "boolean": "NOT {c}",
    "timestamp with time zone": "{c} + interval '1 microsecond'",
    "date": "{c} + 1",
    "uuid": "gen_random_uuid()",
    "jsonb": "jsonb_build_array({c})",
    "double precision": "{c} + 1e-13",
}


class Unfit(Exception):
    """This attack can't be made on what was drawn; the caller draws again."""


class Attacker:
    """Draws tables and rows, and does what triggers and rights would forbid."""

    def __init__(self, line: asyncpg.Connection, *, dice: random.Random, anchors: Path) -> None:
        self.line, self.dice, self.anchors = line, dice, anchors

    async def tables(self) -> list[asyncpg.Record]:
        return await self.line.fetch("SELECT * FROM ledger.covered WHERE columns <> '{}' ORDER BY table_id")

    async def filled(self, *, at_least: int = 1) -> asyncpg.Record:
        """Return a covered table with at least this many rows."""
        tables = await self.tables()
        self.dice.shuffle(tables)
        for one in tables:
            if await self.line.fetchval(f"SELECT count(*) FROM {one['name']}") >= at_least:
                return one
        raise Unfit

    async def row(self, table: str) -> Any:
        which = OF_ROWS.get(table, "true")  # a citizen's duties are kept apart: nothing commits to them
        ids = await self.line.fetch(f"SELECT r.id FROM {table} r WHERE {which} ORDER BY r.id::text")
        if not ids:
            raise Unfit
        return self.dice.choice(ids)["id"]

    async def quietly(self, table: str, statement: str, *values: Any) -> str:
        """Run a statement that no trigger of a table sees."""
        await self.line.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            async with self.line.transaction():
                done = await self.line.execute(statement, *values)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Unfit from error
        await self.line.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for one in "iudt":
            await self.line.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER zz_ledger_{one}")
        if done.endswith(" 0"):
            raise Unfit
        return str(done)

    async def other(self, one: asyncpg.Record, row: Any) -> str:
        """Change a column of a row; return its name."""
        columns = [
            c for c in await self.line.fetch(NOT_KEYS, one["name"], one["columns"]) if c["type"] in OTHERS
        ]
        self.dice.shuffle(columns)
        for column in columns:
            name = f'"{column["name"]}"'
            changed = OTHERS[column["type"]].format(c=name)
            try:
                await self.quietly(
                    one["name"],
                    f"UPDATE {one['name']} SET {name} = {changed} WHERE id = $1 AND {name} IS DISTINCT FROM {changed}",
                    row,
                )
            except (Unfit, asyncpg.DataError):
                continue
            return str(column["name"])
        raise Unfit

    async def latest(self, table: str, row: Any = None) -> asyncpg.Record:
        """Return the last version of a row, or of any row of a table."""
        found = await self.line.fetch(LATEST, table)
        if row is not None:
            key = await self.line.fetchval(f"SELECT ledger.key(id) FROM {table} WHERE id = $1", row)
            found = [one for one in found if one["key"] == key]
        found = [one for one in found if one["op"] != "D"]
        if not found:
            raise Unfit
        return self.dice.choice(found)

    async def forge(self, one: asyncpg.Record, row: Any) -> asyncpg.Record:
        """Change a row and give its last version the right digest, with the stolen nonce."""
        version = await self.latest(one["name"], row)
        await self.other(one, row)
        columns = ", ".join(f'r."{column}"' for column in one["columns"])
        body = await self.line.fetchval(
            f"SELECT record_send(ROW({columns})) FROM {one['name']} r WHERE id = $1", row
        )
        digest = hashlib.sha256(version["nonce"] + one["shape"] + version["op"].encode() + body).digest()
        await self.line.execute("UPDATE ledger.version SET digest = $2 WHERE no = $1", version["no"], digest)
        return version

    async def releaf(self, version: asyncpg.Record) -> int:
        """Correct the leaf of a version's transaction; return its block."""
        block: int | None = await self.line.fetchval(
            """UPDATE ledger.leaf l SET hash = (SELECT sha256('\\x00'::bytea || int2send(l.era)
                || int8send(l.xid::text::bigint) || string_agg(int8send(no) || int2send(table_id) || op::text::bytea
                || digest, '' ORDER BY no)) FROM ledger.version v WHERE v.xid = l.xid AND v.era = l.era)
            WHERE l.xid = $1::text::xid8 AND l.era = $2 RETURNING block""",
            version["xid"],
            version["era"],
        )
        if block is None:
            raise Unfit
        return block

    async def reseal(self, since: int) -> None:
        """Recompute every block from the given one on."""
        for block in await self.line.fetch("SELECT id FROM ledger.block WHERE id >= $1 ORDER BY id", since):
            await self.line.execute(
                """UPDATE ledger.block b SET
                    root = ledger.merkle((SELECT array_agg(hash ORDER BY place) FROM ledger.leaf WHERE block = b.id)),
                    prev = (SELECT hash FROM ledger.block WHERE id = b.id - 1) WHERE id = $1""",
                block["id"],
            )
            await self.line.execute(
                "UPDATE ledger.block b SET hash = ledger.block_hash(b) WHERE id = $1", block["id"]
            )

    async def forget(self, xids: list[str]) -> None:
        """Remove everything that some transactions wrote: their rows, versions and leaves."""
        rows = await self.line.fetch(
            """SELECT c.name, c.columns, o.key, array_agg(v.op::text) AS ops FROM ledger.version v
            JOIN ledger.opening o USING (no) JOIN ledger.covered c USING (table_id)
            WHERE v.xid::text = ANY ($1) GROUP BY 1, 2, 3""",
            xids,
        )
        for row in rows:
            if row["name"] == "number_series" and "I" not in row["ops"]:
                lowered = (
                    f"UPDATE number_series SET last_number = last_number - {len(row['ops'])} WHERE id = $1"
                )
                await self.quietly("number_series", lowered, row["key"])
            elif "I" in row["ops"]:
                await self.quietly(
                    row["name"], f"DELETE FROM {row['name']} WHERE ledger.key(id) = $1", row["key"]
                )
            else:
                raise Unfit  # the earlier state can't be restored from the digests alone
        for table in ("opening", "erased"):
            await self.line.execute(
                f"DELETE FROM ledger.{table} WHERE no IN (SELECT no FROM ledger.version WHERE xid::text = ANY ($1))",
                xids,
            )
        for table in ("version", "leaf"):
            await self.line.execute(f"DELETE FROM ledger.{table} WHERE xid::text = ANY ($1)", xids)


Attack = Callable[[Attacker], Awaitable[None]]


async def a_row_is_changed(a: Attacker) -> None:
    one = await a.filled()
    await a.other(one, await a.row(one["name"]))


async def a_row_is_inserted(a: Attacker) -> None:
    one = await a.filled()
    name, row = one["name"], await a.row(one["name"])
    columns = await a.line.fetch(
        """SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
        AND NOT attisdropped AND attgenerated = ''""",
        name,
    )
    fresh = f"(SELECT max(id) + 1 FROM {name})" if isinstance(row, int) else "gen_random_uuid()"
    uniques = await a.line.fetch(
        "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'u'", name
    )
    for unique in uniques:
        await a.line.execute(f'ALTER TABLE {name} DROP CONSTRAINT "{unique["conname"]}" CASCADE')
    for index in await a.line.fetch(
        """SELECT indexrelid::regclass::text AS name FROM pg_index
        WHERE indrelid = $1::text::regclass AND indisunique AND NOT indisprimary""",
        name,
    ):
        await a.line.execute(f"DROP INDEX {index['name']}")
    values = ", ".join(fresh if c["name"] == "id" else f'"{c["name"]}"' for c in columns)
    names = ", ".join(f'"{c["name"]}"' for c in columns)
    await a.quietly(name, f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} WHERE id = $1", row)


async def a_row_is_deleted(a: Attacker) -> None:
    one = await a.filled()
    await a.quietly(one["name"], f"DELETE FROM {one['name']} WHERE id = $1", await a.row(one["name"]))


async def two_rows_change_places(a: Attacker) -> None:
    one = await a.filled(at_least=2)
    name = one["name"]
    columns = [c["name"] for c in await a.line.fetch(NOT_KEYS, name, one["columns"])]
    column = f'"{a.dice.choice(columns)}"'
    rows = await a.line.fetch(f"SELECT id, {column}::text AS value FROM {name} ORDER BY id::text")
    first = a.dice.choice(rows)
    others = [row for row in rows if row["value"] != first["value"]]
    if not others:
        raise Unfit
    pair = [first["id"], a.dice.choice(others)["id"]]
    across = (
        f"SET {column} = o.{column} FROM {name} o WHERE t.id = ANY ($1) AND o.id = ANY ($1) AND o.id <> t.id"
    )
    await a.quietly(name, f"UPDATE {name} t {across}", pair)


async def a_counter_is_lowered(a: Attacker) -> None:
    await a.quietly(
        "number_series",
        "UPDATE number_series SET last_number = last_number - 1 WHERE id = $1 AND last_number > 0",
        await a.row("number_series"),
    )


async def a_counter_is_lowered_and_its_last_version_forgotten(a: Attacker) -> None:
    row = await a.row("number_series")
    version = await a.latest("number_series", row)
    if version["op"] != "U":
        raise Unfit
    await a.quietly(
        "number_series", "UPDATE number_series SET last_number = last_number - 1 WHERE id = $1", row
    )
    await a.line.execute("DELETE FROM ledger.opening WHERE no = $1", version["no"])
    await a.line.execute("DELETE FROM ledger.version WHERE no = $1", version["no"])


async def a_digest_is_forged(a: Attacker) -> None:
    one = await a.filled()
    await a.forge(one, await a.row(one["name"]))


async def a_leaf_is_forged(a: Attacker) -> None:
    one = await a.filled()
    await a.releaf(await a.forge(one, await a.row(one["name"])))


async def everything_is_rewritten(a: Attacker) -> None:
    one = await a.filled()
    await a.reseal(await a.releaf(await a.forge(one, await a.row(one["name"]))))


async def the_end_is_cut(a: Attacker) -> None:
    many = a.dice.randint(1, 5)
    last: int = await a.line.fetchval("SELECT max(id) FROM ledger.block")
    xids = await a.line.fetch("SELECT xid::text AS xid FROM ledger.leaf WHERE block > $1", last - many)
    await a.forget([row["xid"] for row in xids])
    await a.line.execute("DELETE FROM ledger.block WHERE id > $1", last - many)


async def one_transaction_is_cut_out(a: Attacker) -> None:
    leaf = a.dice.choice(
        await a.line.fetch("SELECT place, block, xid::text AS xid FROM ledger.leaf ORDER BY place")
    )
    await a.forget([leaf["xid"]])
    await a.line.execute("UPDATE ledger.leaf SET place = -place + 1 WHERE place > $1", leaf["place"])
    await a.line.execute("UPDATE ledger.leaf SET place = -place WHERE place < 0")
    await a.line.execute("UPDATE ledger.block SET size = size - 1 WHERE id = $1", leaf["block"])
    await a.line.execute("UPDATE ledger.block SET first_place = first_place - 1 WHERE id > $1", leaf["block"])
    await a.reseal(leaf["block"])


async def _exchanged(a: Attacker, table: str, column: str) -> None:
    found: list[asyncpg.Record] = []
    for one in await a.tables():
        found += [row for row in await a.line.fetch(LATEST, one["name"]) if row["op"] != "D"]
    first, second = a.dice.sample(sorted(found, key=lambda row: int(row["no"])), 2)
    if first[column] == second[column]:
        raise Unfit
    for one, value in ((first, second[column]), (second, first[column])):
        await a.line.execute(f"UPDATE ledger.{table} SET {column} = $2 WHERE no = $1", one["no"], value)


async def two_digests_change_places(a: Attacker) -> None:
    await _exchanged(a, "version", "digest")


async def two_salts_change_places(a: Attacker) -> None:
    await _exchanged(a, "opening", "nonce")


async def two_keys_change_places(a: Attacker) -> None:
    await _exchanged(a, "opening", "key")


async def a_row_goes_with_its_salts(a: Attacker) -> None:
    one = await a.filled()
    row = await a.row(one["name"])
    key = await a.line.fetchval(f"SELECT ledger.key(id) FROM {one['name']} WHERE id = $1", row)
    await a.quietly(one["name"], f"DELETE FROM {one['name']} WHERE id = $1", row)
    await a.line.execute("DELETE FROM ledger.opening WHERE key = $1", key)


async def a_row_goes_and_is_listed_as_erased(a: Attacker) -> None:
    one = await a.filled()
    row = await a.row(one["name"])
    key = await a.line.fetchval(f"SELECT ledger.key(id) FROM {one['name']} WHERE id = $1", row)
    await a.quietly(one["name"], f"DELETE FROM {one['name']} WHERE id = $1", row)
    await a.line.execute(
        """WITH gone AS (DELETE FROM ledger.opening WHERE key = $1 RETURNING no)
        INSERT INTO ledger.erased SELECT no, gen_random_uuid() FROM gone""",
        key,
    )


async def a_version_is_slipped_into_the_past(a: Attacker) -> None:
    """Add a row with its own version, under an old transaction or under an unused old number."""
    await a_row_is_inserted(a)
    leaf = a.dice.choice(await a.line.fetch("SELECT era, xid::text AS xid FROM ledger.leaf ORDER BY place"))
    xid = leaf["xid"] if a.dice.random() < 0.5 else str(int(leaf["xid"]) - 1)
    for one in await a.tables():
        columns = ", ".join(f'r."{column}"' for column in one["columns"])
        await a.line.execute(
            f"""WITH made AS MATERIALIZED (SELECT nextval('ledger.version_no') AS no, ledger.key(r.id) AS key,
                uuid_send(gen_random_uuid()) AS nonce, record_send(ROW({columns})) AS body FROM {one["name"]} r
                WHERE NOT EXISTS (SELECT 1 FROM ledger.opening o WHERE o.key = ledger.key(r.id))),
            apart AS (INSERT INTO ledger.opening SELECT no, key, nonce FROM made)
            INSERT INTO ledger.version SELECT no, $1, $2::text::xid8, $3, 'I', sha256(nonce || $4 || 'I' || body)
            FROM made""",
            leaf["era"],
            xid,
            one["table_id"],
            one["shape"],
        )


async def an_actor_is_exchanged(a: Attacker) -> None:
    await a.quietly(
        "journal_actor",
        "UPDATE journal_actor SET actor_id = gen_random_uuid() WHERE id = $1",
        await a.row("journal_actor"),
    )


async def an_actor_is_exchanged_with_salt_and_digest(a: Attacker) -> None:
    one = next(one for one in await a.tables() if one["name"] == "journal_actor")
    row = await a.row("journal_actor")
    version = await a.forge(one, row)
    if a.dice.random() < 0.5:  # and the salt is drawn again
        nonce = a.dice.randbytes(16)
        actor = await a.line.fetchval("SELECT actor_id FROM journal_actor WHERE id = $1", row)
        body = await a.line.fetchval("SELECT record_send(ROW($1::bigint, $2::uuid))", row, actor)
        digest = hashlib.sha256(nonce + one["shape"] + version["op"].encode() + body).digest()
        await a.line.execute("UPDATE ledger.opening SET nonce = $2 WHERE no = $1", version["no"], nonce)
        await a.line.execute("UPDATE ledger.version SET digest = $2 WHERE no = $1", version["no"], digest)


async def two_leaves_change_places(a: Attacker) -> None:
    leaves = await a.line.fetch("SELECT place FROM ledger.leaf ORDER BY place")
    first, second = (row["place"] for row in a.dice.sample(leaves, 2))
    await a.line.execute("ALTER TABLE ledger.leaf DROP CONSTRAINT leaf_xid_era_key")
    await a.line.execute(
        """UPDATE ledger.leaf l SET era = o.era, xid = o.xid, hash = o.hash FROM ledger.leaf o
        WHERE l.place = ANY ($1) AND o.place = ANY ($1) AND o.place <> l.place""",
        [first, second],
    )


async def a_blocks_time_is_moved(a: Attacker) -> None:
    last: int = await a.line.fetchval("SELECT max(id) FROM ledger.block")
    moved = a.dice.choice(("1 microsecond", "-1 day", "1 year"))
    await a.line.execute(
        f"UPDATE ledger.block SET at = at + interval '{moved}' WHERE id = $1", a.dice.randint(1, last)
    )


async def two_columns_are_renamed_across(a: Attacker) -> None:
    one = await a.filled()
    columns = await a.line.fetch(NOT_KEYS, one["name"], one["columns"])
    pairs = [
        (x["name"], y["name"])
        for x in columns
        for y in columns
        if x["type"] == y["type"] and x["name"] < y["name"]
    ]
    if not pairs:
        raise Unfit
    left, right = a.dice.choice(pairs)
    for old, new in ((left, "between"), (right, left), ("between", right)):
        await a.line.execute(f'ALTER TABLE {one["name"]} RENAME COLUMN "{old}" TO "{new}"')


async def a_trigger_is_turned_off(a: Attacker) -> None:
    one = a.dice.choice(await a.tables())
    trigger = f"zz_ledger_{a.dice.choice('iudt')}"
    how = a.dice.choice(("DISABLE", "ENABLE"))  # enabled for ordinary sessions only
    await a.line.execute(f"ALTER TABLE {one['name']} {how} TRIGGER {trigger}")


async def a_row_is_changed_by_the_front_door_without_an_entry(a: Attacker) -> None:
    one = await a.filled()
    if one["name"] == "journal_entry":
        raise Unfit
    row = await a.row(one["name"])
    columns = [c for c in await a.line.fetch(NOT_KEYS, one["name"], one["columns"]) if c["type"] in TEXTS]
    if not columns:
        raise Unfit
    name = f'"{a.dice.choice(columns)["name"]}"'
    change = f"UPDATE {one['name']} SET {name} = {name} || '。' WHERE id = $1 AND {name} IS NOT NULL"
    try:
        async with a.line.transaction():
            done = await a.line.execute(change, row)
    except asyncpg.PostgresError as error:
        raise Unfit from error
    if done.endswith(" 0"):  # nothing was written there, so nothing changes
        raise Unfit


async def an_anchor_is_damaged(a: Attacker) -> None:
    lines = a.anchors.read_text("utf-8").splitlines(keepends=True)
    place = a.dice.randrange(len(lines))
    how = a.dice.choice(("other", "half", "cut", "empty", "gone"))
    if how == "other":
        line = json.loads(lines[place])
        lines[place] = json.dumps(line | {"hash": hashlib.sha256(b"x").hexdigest()}) + "\n"
    elif how == "half":
        lines[place] = lines[place][: a.dice.randint(1, len(lines[place]) - 3)] + "\n"
    elif how == "cut":
        lines[-1] = lines[-1][: a.dice.randint(1, len(lines[-1]) - 2)]
    elif how == "empty":
        lines = []
    a.anchors.unlink()
    if how != "gone":
        a.anchors.write_text("".join(lines), "utf-8")


ATTACKS: tuple[Attack, ...] = (
    a_row_is_changed,
    a_row_is_inserted,
    a_row_is_deleted,
    two_rows_change_places,
    a_counter_is_lowered,
    a_counter_is_lowered_and_its_last_version_forgotten,
    a_digest_is_forged,
    a_leaf_is_forged,
    everything_is_rewritten,
    the_end_is_cut,
    one_transaction_is_cut_out,
    two_digests_change_places,
    two_salts_change_places,
    two_keys_change_places,
    a_row_goes_with_its_salts,
    a_row_goes_and_is_listed_as_erased,
    a_version_is_slipped_into_the_past,
    an_actor_is_exchanged,
    an_actor_is_exchanged_with_salt_and_digest,
    two_leaves_change_places,
    a_blocks_time_is_moved,
    two_columns_are_renamed_across,
    a_trigger_is_turned_off,
    a_row_is_changed_by_the_front_door_without_an_entry,
    an_anchor_is_damaged,
)
