"""G20 in short: `scripts/rig G20` freezes longer and more often."""

import asyncio

from tests.rig.freezing import frozen
from tests.rig.g20_heals import heals
from tests.rig.servers import Estate
from tests.rig.wire import NoAnswer, ask


async def first_word(port):
    """Return a starting server's first answer to the question whether it is ready."""
    while True:
        try:
            return (await ask(port, "GET", "/ready")).status
        except NoAnswer:
            await asyncio.sleep(0.05)


async def test_a_frozen_database_hangs_nobody_and_the_office_heals():
    outcome = await heals(seconds=4, seed=7)
    assert outcome.is_kept, outcome


async def test_without_the_watch_everybody_hangs():
    outcome = await heals(seconds=4, seed=7, freezes=1, change=("unwatched",))
    assert outcome.faults["hung"], outcome


async def test_people_are_told_in_words_while_the_database_is_frozen():
    async with Estate(servers=1, worker=False) as estate:
        (member, _) = await estate.found(1)
        port = estate.port(0)
        with frozen(estate.postgres_data):
            while (await ask(port, "GET", "/ready")).status == 200:
                pass
            phone = await ask(port, "GET", "/api/v1/observations", token=member["token"])
            desk = await ask(port, "GET", "/console", cookie=f"console={member['token']}")
        assert (phone.status, phone.json()["code"], phone.json()["retry"]) == (503, "database_away", "same")
        assert "系统正在恢复" in phone.json()["message_zh"]
        assert (desk.status, desk.kind) == (503, "text/html; charset=utf-8")
        assert "系统正在恢复" in desk.body.decode()
        assert "请过一会儿再试" in desk.body.decode()


async def test_a_server_that_starts_beside_a_frozen_database_serves_when_it_thaws():
    async with Estate(servers=1, worker=False) as estate:
        (server,) = estate.servers
        server.kill()
        with frozen(estate.postgres_data):
            server.start()
            assert await first_word(server.port) == 503
        await estate.ready()


async def test_a_database_that_is_killed_while_it_is_frozen_is_found_again():
    async with Estate(servers=1) as estate:
        (member, _) = await estate.found(1)
        with frozen(estate.postgres_data):
            await asyncio.to_thread(estate.postgres.restart_immediately)
        await estate.ready()
        asked = await ask(estate.port(0), "GET", "/api/v1/observations", token=member["token"])
        assert asked.status == 200
