"""Access tokens: one stable token for all callers, separate tokens of the old kind, both expiring."""

import secrets
import time
from collections.abc import Callable

from server.fake_wechat.answers import No
from server.fake_wechat.settings import Settings

FORCED_PER_DAY = 20
SECONDS_BETWEEN_FORCED = 30


class Tokens:
    """Issues tokens and knows which are still valid."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        # WeChat renews five minutes before the two hours end, and keeps the old token valid for those.
        self._overlap = settings.token_seconds / 24
        self._ends_at: dict[str, float] = {}
        self._expired: set[str] = set()
        self._stable = ""
        self._plain = ""
        self._forced_at: list[float] = []

    def check_credentials(self, appid: object, secret: object) -> None:
        known = {
            self._settings.appid: self._settings.secret,
            self._settings.service_appid: self._settings.service_secret,
            self._settings.corp_id: self._settings.corp_secret,
        }
        if appid not in known:
            raise No(40013)
        if secret != known[str(appid)]:
            raise No(40125)

    def stable(self, *, is_forced: bool) -> tuple[str, int]:
        """Return the stable token and the seconds it has left."""
        now = self._clock()
        if is_forced and self._may_force(now):
            self._forced_at.append(now)
            self._ends_at.pop(self._stable, None)
            self._stable = self._issue(now)
        elif self._ends_at.get(self._stable, 0) - now < self._overlap:
            self._stable = self._issue(now)
        return self._stable, int(self._ends_at[self._stable] - now)

    def plain(self) -> tuple[str, int]:
        """Issue a token of the old kind: each call makes a new one, and the previous one soon expires."""
        now = self._clock()
        if self._plain in self._ends_at:
            self._ends_at[self._plain] = min(self._ends_at[self._plain], now + self._overlap)
        self._plain = self._issue(now)
        return self._plain, self._settings.token_seconds

    def check(self, token: str | None) -> None:
        """Refuse a token that is missing (41001), unknown (40001) or expired (42001)."""
        if not token:
            raise No(41001)
        if token in self._expired:
            raise No(42001)
        if token not in self._ends_at:
            raise No(40001)
        if self._ends_at[token] < self._clock():
            raise No(42001)

    def expire_all(self) -> None:
        """Expire every token now, as if its two hours were over."""
        self._expired |= set(self._ends_at)
        self._ends_at.clear()

    def _may_force(self, now: float) -> bool:
        self._forced_at = [at for at in self._forced_at if now - at < 86_400]
        if len(self._forced_at) >= FORCED_PER_DAY:
            raise No(45009)
        return not self._forced_at or now - self._forced_at[-1] >= SECONDS_BETWEEN_FORCED

    def _issue(self, now: float) -> str:
        token = f"fake_{secrets.token_urlsafe(96)}"
        self._ends_at[token] = now + self._settings.token_seconds
        return token
