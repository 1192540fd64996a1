"""G2: the same id and body get the same answer, another body is refused, and others' ids reveal nothing."""

import asyncio
import json
import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from tests.rig.drafts import Draft, a_draft
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import Answer, NoAnswer, ask

MEMBERS = 60
COPIES = 8
DRAFTS_AT_ONCE = 4
ACCEPTANCES = 50
ALTERED = 100
PATIENCE = 30.0

KEYS = """SELECT conname FROM pg_constraint
WHERE conrelid = 'observation'::regclass AND pg_get_constraintdef(oid) = 'UNIQUE (client_id)'"""
EVERYTHING = """SELECT md5(string_agg(o::text, '' ORDER BY o.id)) || ' ' || count(*) || ' ' ||
    (SELECT count(*) FROM manifest_line) || ' ' || (SELECT count(*) FROM journal_entry) FROM observation o"""
COUNT = "SELECT count(*) FROM observation"
NUMBERS = "SELECT array_agg(number ORDER BY number) FROM ledger_item"


async def same_again(*, ids: int, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Send each of `ids` ids eight times at once over two processes, then misuse ids in every way."""
    dice = random.Random(seed)
    outcome = Outcome("G2", seed)
    async with Estate(servers=2, worker=False, change=change) as estate:
        *members, reviewer = await estate.found(MEMBERS)
        drafts = [a_draft(members[number % MEMBERS], dice=dice, pictures=1) for number in range(ids)]
        database = await asyncpg.connect(estate.database_url)
        try:
            if "unlined" in change:
                await _drop_the_keys(database)
            desk = _Desk(estate, database, dice=dice, outcome=outcome)
            await desk.copies(drafts)
            if not change:
                await desk.altered(drafts[:ALTERED])
                await desk.borrowed(drafts[:50], members=members)
                await desk.accepted(drafts[50 : 50 + ACCEPTANCES], reviewer=reviewer)
                await desk.withdrawn(drafts[100:130])
        finally:
            await database.close()
    return outcome


async def _drop_the_keys(database: asyncpg.Connection) -> None:
    """Let the database accept a draft twice, and two reports of one person under one number."""
    (key,) = await database.fetch(KEYS)
    await database.execute(f'ALTER TABLE observation DROP CONSTRAINT "{key[0]}"')
    await database.execute("DROP INDEX reporter_mark")


class _Desk:
    """One run: sends what is asked and records what is wrong."""

    def __init__(
        self, estate: Estate, database: asyncpg.Connection, *, dice: random.Random, outcome: Outcome
    ) -> None:
        self._estate, self._database, self._dice = estate, database, dice
        self._seen, self._faults = outcome.seen, outcome.faults

    async def copies(self, drafts: list[Draft]) -> None:
        """Send each draft eight times at the same moment."""
        turns = asyncio.Semaphore(DRAFTS_AT_ONCE)

        async def all_copies(draft: Draft) -> list[Answer]:
            async with turns:
                return await asyncio.gather(*(self._put(draft) for _ in range(COPIES)))

        answers = await asyncio.gather(*(all_copies(draft) for draft in drafts))
        flat = [answer for copies in answers for answer in copies]
        self._seen |= {"ids": len(drafts), "answers": sum(one.status in (200, 201) for one in flat)}
        self._faults["unanswered"] = len(flat) - self._seen["answers"]
        self._faults["dup"] = await self._database.fetchval(COUNT) - len(drafts)
        self._faults["made_twice"] = sum([one.status for one in copies].count(201) != 1 for copies in answers)
        self._faults["differing"] = sum(len({one.body for one in copies}) != 1 for copies in answers)

    async def altered(self, drafts: list[Draft]) -> None:
        """Send the same ids with one field changed: refused, naming the field, and nothing is written."""
        before = await self._database.fetchval(EVERYTHING)
        wrong = 0
        for draft in drafts:
            field, value = self._dice.choice([("text", "另一件事"), ("written_at", None), ("kind", "other")])
            if field == "kind":
                value = "problem" if draft.body["kind"] != "problem" else "help_request"
            answer = await self._put(replace(draft, body=draft.body | {field: value}))
            wrong += not _names(answer, field)
        self._seen["altered"] = len(drafts)
        self._faults["altered_wrongly_answered"] = wrong
        self._faults["altered_written"] = int(await self._database.fetchval(EVERYTHING) != before)

    async def borrowed(self, drafts: list[Draft], *, members: list[dict[str, str]]) -> None:
        """Send the same id as another person: no such report, and nothing is written."""
        before = await self._database.fetchval(EVERYTHING)
        answers = []
        for draft in drafts:
            other = self._dice.choice([one for one in members if one["person_id"] != draft.person_id])
            body = draft.body | {"text": "别人的事"}
            answers.append(await self._put(replace(draft, body=body, token=other["token"])))
        self._faults["borrowed"] = sum(answer.status != 404 for answer in answers)
        self._faults["borrowed_written"] = int(await self._database.fetchval(EVERYTHING) != before)

    async def withdrawn(self, drafts: list[Draft]) -> None:
        """Send a withdrawn report again: it stays gone, and nothing is created."""
        statuses = []
        for draft in drafts:
            statuses.append((await self._ask("DELETE", draft)).status)
        before = await self._database.fetchval(EVERYTHING)
        again = [await self._put(draft) for draft in drafts]
        self._faults["withdrawal_refused"] = sum(status != 200 for status in statuses)
        self._faults["not_gone"] = sum(answer.status != 410 for answer in again)
        self._faults["gone_but_written"] = int(await self._database.fetchval(EVERYTHING) != before)

    async def accepted(self, drafts: list[Draft], *, reviewer: dict[str, str]) -> None:
        """Accept all reports at once in two processes: numbers without a gap, from one."""
        ids = [UUID(draft.client_id) for draft in drafts]
        found = await self._database.fetch("SELECT id FROM observation WHERE client_id = ANY($1)", ids)
        words = [str(row["id"]) for row in found]
        halves = words[::2], words[1::2]
        module, person = "tests.rig.accepting", reviewer["person_id"]
        await asyncio.gather(*(self._estate.run(module, person, *half) for half in halves))
        numbers = await self._database.fetchval(NUMBERS)
        self._seen["accepted"] = len(words)
        self._faults["numbers"] = int(numbers != list(range(1, len(drafts) + 1)))

    async def _put(self, draft: Draft) -> Answer:
        return await self._ask("PUT", draft, body=json.dumps(draft.body).encode())

    async def _ask(self, method: str, draft: Draft, **request: Any) -> Answer:
        """Return the answer, retrying while the server asks for it, as a phone does."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    port = self._estate.any_port(self._dice)
                    answer = await ask(port, method, draft.path, token=draft.token, **request)
                except NoAnswer:
                    continue
                if answer.status not in (409, 429, 503) or answer.json()["retry"] == "never":
                    return answer
                await asyncio.sleep(self._dice.uniform(0.05, 0.3))


def _names(answer: Answer, field: str) -> bool:
    """Whether this is the refusal of another body, with exactly this field."""
    told = answer.json()
    fields = [one["field"] for one in told.get("fields", [])]
    return answer.status == 422 and told["code"] == "idempotency_mismatch" and fields == [field]
