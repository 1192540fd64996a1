"""A server that dies between commit and answer has acted once, and the retry learns that."""

import asyncio
import json
import random

import asyncpg
import pytest

from tests.rig.drafts import a_draft
from tests.rig.servers import Estate
from tests.rig.wire import NoAnswer, ask

ASKED = "SELECT count(*) FROM journal_entry WHERE deed = 'observation.more_asked'"
REPORT = "SELECT id, version FROM observation"
REASON = """
INSERT INTO reason (id, code, use, label, text, is_active, sort_order)
VALUES (gen_random_uuid(), 'where', 'ask_more', '位置', '请补充具体位置。', true, 0)
"""


async def done_within(seconds, probe):
    async with asyncio.timeout(seconds):
        while not (found := await probe()):
            await asyncio.sleep(0.05)
    return found


async def killed_before_answering(*change):
    """Kill the server before it answers a reviewer; return how often the reporter was asked, then and at the end."""
    async with Estate(servers=1, worker=False, change=change) as estate:
        member, reviewer = await estate.found(1)
        draft = a_draft(member, dice=random.Random(7), pictures=1)
        await ask(
            estate.port(0), "PUT", draft.path, token=member["token"], body=json.dumps(draft.body).encode()
        )
        database = await asyncpg.connect(estate.database_url)
        await database.execute(REASON)
        report = await database.fetchrow(REPORT)
        body = json.dumps({"version": report["version"], "reason": "where"}).encode()
        path = f"/api/v1/reviews/{report['id']}/questions"
        request = {"token": reviewer["token"], "body": body, "key": "a-key-of-the-phone"}
        async with database.transaction():
            # Only the card needs this table.
            await database.execute("LOCK TABLE manifest_line IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.create_task(ask(estate.port(0), "POST", path, **request))
            await done_within(
                20, lambda: database.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted")
            )
            before = await database.fetchval(ASKED)
            estate.servers[0].kill()
            with pytest.raises(NoAnswer):
                await waiting
        estate.start_all()
        await estate.ready()
        again = await ask(estate.port(0), "POST", path, **request)
        after = await database.fetchval(ASKED)
        await database.close()
        return before, again.status, after


async def test_what_was_done_before_a_server_died_is_done_once_and_told_to_the_retry():
    assert await killed_before_answering() == (1, 201, 1)


async def test_an_answer_made_before_the_commit_would_have_lost_it():
    assert await killed_before_answering("answered_inside") == (0, 201, 1)
