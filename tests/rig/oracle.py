"""The oracle: compares what phones were told with what is stored, by reading the tables and files itself."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from server.gateways.sealing import KeyRing, MarkKeys, SealBroken, unseal_chunks
from server.verifying import verify
from tests.rig.drafts import Draft

SIZES = 3  # renditions of each photo for each report

TWICE_SUBMITTED = "SELECT client_id::text FROM observation GROUP BY client_id HAVING count(*) > 1"
TWICE_ENTERED = """
SELECT o.client_id::text FROM observation o LEFT JOIN journal_entry j
    ON j.subject_id = o.id AND j.deed = 'observation.submitted'
GROUP BY o.id HAVING count(j.id) <> 1"""
PHOTOS_ENTERED = """
SELECT p.sha256 FROM photo p LEFT JOIN journal_entry j ON j.subject_id = p.id AND j.deed = 'photo.received'
GROUP BY p.id HAVING count(j.id) <> 1"""
TOLD_WRONGLY = """
WITH told AS (SELECT id, entry_id FROM inbox_message UNION ALL SELECT id, entry_id FROM report_message)
SELECT j.id::text || ' ' || j.deed FROM journal_entry j LEFT JOIN told m ON m.entry_id = j.id
WHERE j.deed IN ('observation.submitted', 'photo.refused') GROUP BY j.id HAVING count(m.id) <> 1
UNION ALL SELECT 'message ' || m.id FROM told m JOIN journal_entry j ON j.id = m.entry_id
WHERE j.deed NOT IN ('observation.submitted', 'photo.refused')"""
TWICE_REFUSED = """
SELECT subject_id::text FROM journal_entry WHERE deed = 'photo.refused' GROUP BY 1 HAVING count(*) > 1"""
NOT_FINISHED = """
SELECT o.client_id::text FROM observation o WHERE (o.state = 'received') <> NOT EXISTS (
    SELECT 1 FROM manifest_line l WHERE l.subject_id = o.id AND NOT EXISTS (
        SELECT 1 FROM photo p WHERE p.subject_id = l.subject_id AND p.sha256 = l.sha256))"""
NOT_RENDERED = f"""
SELECT p.sha256 FROM photo p JOIN manifest_line l ON l.subject_id = p.subject_id AND l.sha256 = p.sha256
LEFT JOIN rendition r ON r.photo_id = p.id AND r.subject_id = l.subject_id
GROUP BY p.id, l.id HAVING (p.state = 'shown') <> (count(r.id) = {SIZES}) OR p.state = 'stored'"""
JOBS_LEFT = "SELECT status::text || ' ' || id FROM pgqueuer"

OBSERVATIONS = """SELECT o.*, o.client_id::text AS client, r.box, r.key_id
FROM observation o LEFT JOIN reporter r ON r.observation_id = o.id"""
SALTS = "SELECT id, person_id::text AS person FROM salt"
LINES = "SELECT sha256 FROM manifest_line WHERE subject_id = $1 ORDER BY position"
PHOTOS = """SELECT p.sha256, p.key, p.state, r.observation_id AS id, r.box, r.key_id
FROM photo p LEFT JOIN reporter r ON r.observation_id = p.subject_id"""


class Oracle:
    """Judges the drafts of a run against one database and one storage folder."""

    def __init__(self, database: asyncpg.Connection, *, environment: dict[str, str]) -> None:
        self._database = database
        self._url = environment["DATABASE_URL"]
        self._storage = Path(environment["DATA_DIR"]) / "storage"
        name, _, key = environment["MASTER_KEYS"].partition(":")
        lookup = base64.b64decode(environment["LOOKUP_KEY"])
        self._keys = KeyRing({name: base64.b64decode(key)}, current=name, lookup_key=lookup)
        mark, _, key = environment["REPORTER_KEYS"].partition(":")
        self._marks = MarkKeys({mark: base64.b64decode(key)}, current=mark)

    async def judge(self, drafts: list[Draft]) -> dict[str, list[str]]:
        """Return every breach by its kind: which report, photo, entry or job."""
        salts = {row["id"]: row["person"] for row in await self._database.fetch(SALTS)}
        found = await self._database.fetch(OBSERVATIONS)
        rows = {(self._sender(row, salts), row["client"]): row for row in found}
        ours = {(draft.person_id, draft.client_id): draft for draft in drafts}
        told = {name: draft for name, draft in ours.items() if draft.receipts}
        return {
            "lost": [client for _, client in told.keys() - rows.keys()],
            "dup": await self._names(TWICE_SUBMITTED) + await self._names(TWICE_ENTERED),
            "ghosts": [client for _, client in rows.keys() - ours.keys()],
            "altered": [name[1] for name in rows.keys() & ours.keys() if _differs(rows[name], ours[name])]
            + [name[1] for name in rows.keys() & ours.keys() if await self._relisted(rows[name], ours[name])],
            "changed": [name[1] for name in told.keys() & rows.keys() if _changed(rows[name], told[name])],
            "photo_bytes": await self._photos(drafts, salts) + await self._names(PHOTOS_ENTERED),
            "unfinished": await self._names(NOT_FINISHED),
            "unrendered": await self._names(NOT_RENDERED),
            "inbox": await self._names(TOLD_WRONGLY) + await self._names(TWICE_REFUSED),
            "jobs": await self._names(JOBS_LEFT),
            "chain": (await verify(self._url)).faults,
        }

    def _sender(self, row: asyncpg.Record, salts: dict[UUID, str]) -> str:
        """Return who sent a report by its box and its salt; empty if it has none."""
        if row["box"] is None:
            return ""
        inside = self._marks.open(row["box"], key_id=row["key_id"], bound_to=row["id"])
        return salts.get(inside.salt_id, "")

    async def _names(self, invariant: str) -> list[str]:
        return [row[0] for row in await self._database.fetch(invariant)]

    async def _relisted(self, row: asyncpg.Record, draft: Draft) -> bool:
        return [line["sha256"] for line in await self._database.fetch(LINES, row["id"])] != list(
            draft.pictures
        )

    async def _photos(self, drafts: list[Draft], salts: dict[UUID, str]) -> list[str]:
        """Return acknowledged photos that are missing, or whose bytes differ."""
        found = await self._database.fetch(PHOTOS)
        rows = {(self._sender(row, salts), row["sha256"]): row for row in found}
        kept = {(draft.person_id, digest) for draft in drafts for digest in draft.kept}
        faults = [digest for owner, digest in kept - rows.keys()]
        for (owner, digest), row in rows.items():
            if await self._digest(row["key"]) != digest:
                faults.append(digest)
            if row["state"] == "refused" and (owner, digest) in kept:
                faults.append(digest)
        return faults

    async def _digest(self, key: str) -> str:
        path = self._storage / key
        if not path.is_file():
            return ""
        try:
            pieces = unseal_chunks(_read(path), ring=self._keys, bound_to=key)
            return hashlib.sha256(b"".join([piece async for piece in pieces])).hexdigest()
        except SealBroken:
            return ""


async def _read(path: Path) -> AsyncIterator[bytes]:
    yield path.read_bytes()


def _differs(row: asyncpg.Record, draft: Draft) -> bool:
    """Whether the stored report differs from the one sent."""
    sent, place = draft.body, draft.body["place"] or {}
    columns = {"kind": sent["kind"], "text": sent["text"], "anonymity": sent["anonymity"]}
    columns |= {"latitude": place.get("latitude"), "longitude": place.get("longitude")}
    is_whole = all(row[name] == value for name, value in columns.items())
    return not is_whole or _said(json.loads(row["body"])) != _said(sent)


def _said(body: Any) -> Any:
    """Return a body without absent values: an absent field and null mean the same."""
    if isinstance(body, dict):
        return {name: _said(value) for name, value in body.items() if value is not None}
    return [_said(one) for one in body] if isinstance(body, list) else body


def _changed(row: asyncpg.Record, draft: Draft) -> bool:
    """Whether two acknowledgements differ, or the receipt is not the one the phone can compute."""
    first = draft.receipts[0]
    received = datetime.fromisoformat(first["received_at"])
    lines = [first["receipt_number"], draft.client_id, str(int(received.timestamp()))]
    lines += [draft.body["kind"], draft.body["text"], *draft.pictures]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    is_proven = digest == first["receipt_hash"] == row["receipt_hash"]
    is_same = all(receipt == first for receipt in draft.receipts)
    return not (is_proven and is_same and first["receipt_number"] == row["receipt_number"])
