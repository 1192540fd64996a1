"""Boards on several servers hear the database, or Redis where that is cut off, and let go quickly at a stop."""

import json
import signal
import time

from tests.rig.boards import check_in, screens
from tests.rig.servers import Estate
from tests.rig.test_redis import a_redis
from tests.rig.wire import ask

STOP_SECONDS = 2.0


async def founded(estate, observers):
    return json.loads(await estate.run("tests.rig.founding_visits", str(observers), "2"))


async def come(estate, visit, n, *, to):
    """Let observer n check in at the first stop, at one of the servers."""
    path = f"/api/v1/site-visits/{visit['visit']}/stops/{visit['stops'][0]}/check-ins"
    body = json.dumps(check_in()).encode()
    answer = await ask(estate.port(to), "POST", path, token=visit["tokens"][n], body=body)
    assert answer.status == 200, answer.body


def present(count):
    return lambda state: state["present"] == count


async def test_what_one_server_does_the_screens_of_all_show_and_a_stop_ends_them_at_once():
    async with Estate(servers=2, worker=False) as estate:
        visit = await founded(estate, 2)
        async with screens(estate, visit["link"], on=[0, 1]) as (here, there):
            await come(estate, visit, 0, to=0)
            await here.sees(present(1))
            await there.sees(present(1))
        async with screens(estate, visit["link"], on=[1] * 100) as many:
            began = time.perf_counter()
            await estate.servers[1].told(signal.SIGTERM)
            assert time.perf_counter() - began < STOP_SECONDS
            for one in many:
                await one.is_over.wait()
        estate.start_all()
        await estate.ready()
        await come(estate, visit, 1, to=0)
        async with screens(estate, visit["link"], on=[1]) as (again,):
            await again.sees(present(2))


async def test_where_the_database_is_not_heard_redis_is():
    assert await heard_without_listen(has_redis=True)


async def test_without_redis_only_the_database_tells():
    """The other side of the one above: who hears neither shows what was so before."""
    assert not await heard_without_listen(has_redis=False)


async def heard_without_listen(*, has_redis):
    """Return whether a screen at another server, deaf to the database, shows a check-in."""
    with a_redis() as redis:
        more = {"REDIS_URL": redis.connection_url} if has_redis else {}
        async with Estate(servers=2, worker=False, change=["deaf"], more=more) as estate:
            visit = await founded(estate, 1)
            async with screens(estate, visit["link"], on=[1]) as (there,):
                await come(estate, visit, 0, to=0)
                try:
                    await there.sees(present(1), seconds=5)
                except TimeoutError:
                    return False
                return True
