"""WeChat's access token: fetched once for all, renewed when refused, forced only when necessary."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from server.gateways.redis import Cache
from server.gateways.wechat_errors import OutcomeUnknown, QuotaSpent, TokenRefused, WeChatBusy

# WeChat allows 20 forced renewals a day, so an outage must not use them up.
PAUSE_BETWEEN_FORCED = 600.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Token:
    """An access token and its lifetime in seconds."""

    value: str
    expires_in: int


class Tokens:
    """Provides the token. `ask(force)` fetches one; in normal mode WeChat gives everybody the same."""

    def __init__(self, appid: str, *, cache: Cache, ask: Callable[[bool], Awaitable[Token]]) -> None:
        self._key = f"wechat:token:{appid}"
        self._cache = cache
        self._ask = ask
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> str:
        """Return the current token; any number of concurrent callers cause one fetch."""
        if token := await self._cache.get(self._key):
            return token
        async with self._one_at_a_time:
            return await self._cache.get(self._key) or await self._fetch(force=False)

    async def renewed(self, *, instead_of: str) -> str:
        """Return another token than the one just refused; raises TokenRefused if there is none now."""
        async with self._one_at_a_time:
            token = await self._cache.get(self._key)
            if token and token != instead_of:
                return token
            token = await self._fetch(force=False)
            return token if token != instead_of else await self._forced()

    async def _forced(self) -> str:
        if not await self._cache.set(f"{self._key}:forced", "1", ttl=PAUSE_BETWEEN_FORCED, nx=True):
            log.error("wechat.token_refused", forced="less than ten minutes ago")
            raise TokenRefused("refused again, and a new token was forced less than ten minutes ago")
        return await self._fetch(force=True)

    async def _fetch(self, *, force: bool) -> str:
        try:
            token = await self._ask(force)
        except (OutcomeUnknown, QuotaSpent) as error:
            # Whatever happened to the token, the call that needed it was not sent, nor its quota used.
            raise WeChatBusy(f"no token: {error}") from error
        # A tenth of the lifetime is margin for calls in transit.
        await self._cache.set(self._key, token.value, ttl=token.expires_in * 0.9)
        return token.value
