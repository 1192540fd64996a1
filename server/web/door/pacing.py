"""Pace: how often somebody may do something. A counter's name is a keyed hash that is another one every day."""

from server.gateways.redis import Allowance
from server.kernel.clock import business_date
from server.tools import Tools


async def count(tools: Tools, rate: str, *who: str) -> Allowance:
    """Count one deed of somebody against a rate such as `60/minute`; whoever sees the counters learns of nobody."""
    return await tools.redis.limiter.hit(rate, name(tools, *who))


async def look(tools: Tools, rate: str, *who: str) -> Allowance:
    """What a rate still leaves, counting nothing."""
    return await tools.redis.limiter.peek(rate, name(tools, *who))


async def forget(tools: Tools, rate: str, *who: str) -> None:
    """Begin to count anew."""
    await tools.redis.limiter.clear(rate, name(tools, *who))


def name(tools: Tools, *who: str) -> str:
    """What today's counter of somebody is called."""
    day = business_date(tools.clock.now()).isoformat()
    return tools.keys.lookup("\0".join([day, *who]), kind="pace")
