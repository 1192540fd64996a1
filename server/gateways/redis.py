"""Redis, if the office has one: a shared cache and shared rate limits. Otherwise this process's memory.

Nothing important is kept here. Whatever is lost is fetched again, so an outage of Redis fails no request.
The library `limits` counts and redis-py connects; only the small circuit breaker between them is our own code.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol, TypeVar

import limits
import structlog
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import RateLimiter, SlidingWindowCounterRateLimiter
from redis import asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")
HEARD_SECONDS = 15.0  # without a word; then a ping finds out whether Redis is still there
HEAR_AGAIN_SECONDS = 1.0
parse = lru_cache(maxsize=256)(limits.parse)
log = structlog.get_logger(__name__)


class Cache(Protocol):
    """Short texts that may be lost at any moment. `ttl` is in seconds."""

    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, *, ttl: float, nx: bool = False) -> bool:
        """Store a text; with `nx` only if the key is absent. Returns False if the key was present."""
        ...

    async def delete(self, key: str) -> None: ...


class MemoryCache:
    """A cache in this process's memory. It holds at most `size` texts; the first to expire makes room."""

    def __init__(self, *, size: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._held: dict[str, tuple[float, str]] = {}
        self._size = size
        self._clock = clock

    async def get(self, key: str) -> str | None:
        expires_at, value = self._held.get(key, (0.0, ""))
        return value if self._clock() < expires_at else None

    async def set(self, key: str, value: str, *, ttl: float, nx: bool = False) -> bool:
        if nx and await self.get(key) is not None:
            return False
        if len(self._held) >= self._size:
            self._make_room()
        self._held[key] = (self._clock() + ttl, value)
        return True

    async def delete(self, key: str) -> None:
        self._held.pop(key, None)

    def _make_room(self) -> None:
        for key in sorted(self._held, key=lambda key: self._held[key][0])[: max(1, self._size // 10)]:
            del self._held[key]


class Gone(Exception):
    """Redis does not answer."""


class CircuitBreaker:
    """A circuit breaker for Redis: it pauses after a failure, so an outage delays one request and not each."""

    PATIENCE = 0.5
    REST = 2.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._rests_until = 0.0
        self._clock = clock

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Return the answer of Redis; raises `Gone` after half a second."""
        if self._clock() < self._rests_until:
            raise Gone
        try:
            async with asyncio.timeout(self.PATIENCE):
                return await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._rests_until = self._clock() + self.REST
            log.warning("redis.gone", error=type(error).__name__)
            raise Gone from error


class RedisCache:
    """A cache shared by all processes. While Redis is gone, this process uses its own memory."""

    def __init__(self, redis: aioredis.Redis, *, line: CircuitBreaker) -> None:
        self._redis = redis
        self._line = line
        self._own = MemoryCache()

    async def get(self, key: str) -> str | None:
        try:
            held = await self._line.ask(lambda: self._redis.get(key))
        except Gone:
            return await self._own.get(key)
        return str(held, "utf-8") if isinstance(held, bytes) else held

    async def set(self, key: str, value: str, *, ttl: float, nx: bool = False) -> bool:
        milliseconds = max(1, int(ttl * 1000))
        try:
            is_set = await self._line.ask(lambda: self._redis.set(key, value, px=milliseconds, nx=nx))
        except Gone:
            return await self._own.set(key, value, ttl=ttl, nx=nx)
        if is_set:
            await self._own.set(key, value, ttl=ttl)
        return bool(is_set)

    async def delete(self, key: str) -> None:
        await self._own.delete(key)
        try:
            await self._line.ask(lambda: self._redis.delete(key))
        except Gone:
            return


@dataclass(frozen=True)
class Allowance:
    """What a rate limit leaves: whether this one may pass, how many more may, and when it resets."""

    allowed: bool
    remaining: int
    resets_at: datetime


Question = Callable[[RateLimiter, limits.RateLimitItem, tuple[str, ...]], Awaitable[Allowance]]


class Limiter:
    """Counts actions against rates like `5/15 minute`: in Redis, or in this process while Redis is gone.

    Windows slide: a refused attempt is not counted, and nobody gets double at the edge of a window.
    """

    def __init__(self, shared: RateLimiter | None = None, *, line: CircuitBreaker | None = None) -> None:
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = shared
        self._line = line or CircuitBreaker()

    async def hit(self, rate: str, *key: str) -> Allowance:
        """Count one action of `key`. A malformed rate raises ValueError."""
        return await self._ask(_count, rate, key)

    async def peek(self, rate: str, *key: str) -> Allowance:
        """Tell whether one more action of `key` would pass, without counting it."""
        return await self._ask(_look, rate, key)

    async def clear(self, rate: str, *key: str) -> None:
        """Reset the count of `key`."""
        await self._own.clear(parse(rate), *key)
        if shared := self._shared:
            with suppress(Gone):
                await self._line.ask(lambda: shared.clear(parse(rate), *key))

    async def _ask(self, question: Question, rate: str, key: tuple[str, ...]) -> Allowance:
        if shared := self._shared:
            try:
                return await self._line.ask(lambda: question(shared, parse(rate), key))
            except Gone:
                pass
        return await question(self._own, parse(rate), key)


async def _count(limiter: RateLimiter, rate: limits.RateLimitItem, key: tuple[str, ...]) -> Allowance:
    return await _allowance(limiter, rate, key, allowed=await limiter.hit(rate, *key))


async def _look(limiter: RateLimiter, rate: limits.RateLimitItem, key: tuple[str, ...]) -> Allowance:
    return await _allowance(limiter, rate, key, allowed=await limiter.test(rate, *key))


async def _allowance(
    limiter: RateLimiter, rate: limits.RateLimitItem, key: tuple[str, ...], *, allowed: bool
) -> Allowance:
    window = await limiter.get_window_stats(rate, *key)
    return Allowance(allowed, int(window.remaining), datetime.fromtimestamp(window.reset_time, UTC))


class Redis:
    """The `cache` and `limiter` of a process, shared between processes if there is a Redis."""

    def __init__(
        self,
        cache: Cache | None = None,
        limiter: Limiter | None = None,
        *,
        wire: aioredis.Redis | None = None,
        line: CircuitBreaker | None = None,
    ) -> None:
        self.cache = cache or MemoryCache()
        self.limiter = limiter or Limiter()
        self._wire = wire
        self._line = line or CircuitBreaker()

    async def publish(self, channel: str, word: str) -> None:
        """Send a word to everybody who hears the channel, if there is a Redis and it answers."""
        if wire := self._wire:
            with suppress(Gone):
                await self._line.ask(lambda: wire.publish(channel, word))

    async def hear(self, channel: str, on_word: Callable[[str], None], on_open: Callable[[], None]) -> None:
        """Call `on_word` with each word of a channel, until cancelled; without a Redis, return at once.

        After each connection `on_open` is called, because words may have been missed before it.
        """
        while self._wire:
            try:
                async with self._wire.pubsub() as heard:
                    await heard.subscribe(channel)
                    on_open()
                    while True:
                        told = await heard.get_message(ignore_subscribe_messages=True, timeout=HEARD_SECONDS)
                        if told is None:
                            await heard.ping()
                        elif told["type"] == "message":
                            on_word(str(told["data"], "utf-8"))
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("redis.not_heard", error=type(error).__name__)
            await asyncio.sleep(HEAR_AGAIN_SECONDS)

    async def close(self) -> None:
        if self._wire:
            await self._wire.aclose(close_connection_pool=True)


async def connect(url: str | None) -> Redis:
    """Connect to Redis at `redis://…`, `rediss://…` or `unix://…`; without a URL everything stays in this process.

    A Redis that is not up yet is no error: it is used as soon as it answers.
    """
    if not url:
        return Redis()
    pool = aioredis.BlockingConnectionPool.from_url(
        url,
        max_connections=32,
        timeout=0.25,
        socket_timeout=0.25,
        socket_connect_timeout=0.25,
        retry=Retry(NoBackoff(), 1),
    )
    wire, line = aioredis.Redis(connection_pool=pool), CircuitBreaker()
    counters = RedisStorage("redis://", implementation="redispy", connection_pool=pool)  # type: ignore[arg-type]
    limiter = Limiter(SlidingWindowCounterRateLimiter(counters), line=line)
    return Redis(cache=RedisCache(wire, line=line), limiter=limiter, wire=wire, line=line)
