"""The fake WeChat's settings. The keys open nothing but the fake."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Settings:
    """`callback_after` is in seconds; None holds callbacks until they are sent by hand.

    Empty `templates` or `pages` accept every one; `long_term` templates need no credits.
    """

    appid: str = "wx0000000000000fake"
    secret: str = "fake-secret"  # noqa: S105
    service_appid: str = "wx0000000service"
    service_secret: str = "fake-service-secret"  # noqa: S105
    corp_id: str = "ww0000000000corp"
    corp_secret: str = "fake-corp-secret"  # noqa: S105
    callback_url: str | None = None
    callback_token: str = "fake-callback-token"  # noqa: S105
    callback_aes_key: str = "fakefakefakefakefakefakefakefakefakefakefak"
    callback_format: Literal["json", "xml"] = "json"
    callback_after: float | None = 2.0
    token_seconds: int = 7200
    templates: frozenset[str] = field(default_factory=frozenset)
    long_term: frozenset[str] = field(default_factory=frozenset)
    pages: frozenset[str] = field(default_factory=frozenset)
