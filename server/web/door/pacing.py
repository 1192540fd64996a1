"""Rate limits; each counter's name is a keyed hash that changes every day."""

from server.gateways.redis import Allowance
from server.kernel.clock import business_date
from server.tools import Tools


async def count(tools: Tools, rate: str, *who: str) -> Allowance:
    """Count one action against a rate such as `60/minute`; the stored counters identify nobody."""
    return await tools.redis.limiter.hit(rate, name(tools, *who))


async def look(tools: Tools, rate: str, *who: str) -> Allowance:
    """Return what a rate still allows, without counting."""
    return await tools.redis.limiter.peek(rate, name(tools, *who))


async def forget(tools: Tools, rate: str, *who: str) -> None:
    """Reset a counter."""
    await tools.redis.limiter.clear(rate, name(tools, *who))


def name(tools: Tools, *who: str) -> str:
    """Return the name of today's counter for somebody."""
    day = business_date(tools.clock.now()).isoformat()
    return tools.keys.lookup("\0".join([day, *who]), kind="pace")
