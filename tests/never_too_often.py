"""A limiter for tests that send more requests than any person may."""

from datetime import UTC, datetime

from server.gateways.redis import Allowance, Limiter


class NeverTooOften(Limiter):
    """Lets everything pass."""

    async def hit(self, rate: str, *key: str) -> Allowance:
        return Allowance(allowed=True, remaining=1, resets_at=datetime.now(UTC))

    async def peek(self, rate: str, *key: str) -> Allowance:
        return await self.hit(rate, *key)
