"""Subscribe messages: one consent allows one message, and every field is checked for length and kind."""

import re
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from server.fake_wechat.answers import No
from server.fake_wechat.settings import Settings

# What WeChat accepts in each kind of field.
FIELDS = {
    "thing": r".{1,20}",
    "number": r"-?\d{1,32}(\.\d{1,2})?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": r".*\d{1,2}:\d{2}.*|\d{4}年\d{1,2}月\d{1,2}日",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日.*|\d{4}-\d{1,2}-\d{1,2}.*",
    "amount": r"[¥$€]?\d{1,10}(\.\d{1,2})?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "name": r"[^\x00-\x7f]{1,10}|[A-Za-z .]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}
STATES = {"developer", "trial", "formal"}


class Messages:
    """Accepts messages, and keeps those that would have reached a phone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.accepted: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        self.followers: dict[str, str] = {}
        self.credits: Counter[tuple[str, str]] = Counter()
        self.quota: int | None = None

    def grant(self, openid: str, template: str, count: int) -> None:
        """Record that `openid` taps 'allow' for this template `count` times."""
        self.credits[openid, template] += count

    def send(self, message: Mapping[str, Any]) -> int:
        """Accept a message and return its number, or refuse it with WeChat's reasons."""
        openid, template = str(message.get("touser", "")), str(message.get("template_id", ""))
        self._check_addresses(openid, template, page=str(message.get("page") or ""))
        _check_fields(message.get("data"))
        if message.get("miniprogram_state", "formal") not in STATES:
            raise No(47003, "miniprogram_state")
        if self.quota is not None and len(self.accepted) >= self.quota:
            raise No(45009)
        self._spend(openid, template)
        self.accepted.append({"msgid": len(self.accepted) + 1, "at": time.time()} | dict(message))
        return len(self.accepted)

    def notify(self, message: Mapping[str, Any]) -> None:
        """Accept a notice of the service account to one of its followers."""
        if str(message.get("touser", "")) not in self.followers:
            raise No(43101)
        program = message.get("miniprogram")
        if not isinstance(program, dict) or program.get("appid") != self._settings.appid:
            raise No(40013)
        _check_fields(message.get("data"))
        self.notices.append(dict(message))

    def text(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Accept a WeCom text; members whose id starts with `nobody` do not see the application."""
        text = message.get("text")
        if message.get("msgtype") != "text" or not isinstance(text, dict) or not text.get("content"):
            raise No(44004)
        if str(message.get("touser", "")).startswith("nobody"):
            return {"invaliduser": message["touser"]}
        self.texts.append(dict(message))
        return {"invaliduser": "", "msgid": f"wecom-{len(self.texts)}"}

    def _check_addresses(self, openid: str, template: str, *, page: str) -> None:
        if not openid.startswith("openid-"):
            raise No(40003)
        if not template or (self._settings.templates and template not in self._settings.templates):
            raise No(40037)
        path = page.split("?")[0]
        if path.startswith("/") or (path and self._settings.pages and path not in self._settings.pages):
            raise No(41030)

    def _spend(self, openid: str, template: str) -> None:
        if template in self._settings.long_term:
            return
        if self.credits[openid, template] < 1:
            raise No(43101)
        self.credits[openid, template] -= 1


def _check_fields(data: object) -> None:
    if not isinstance(data, dict) or not data:
        raise No(47003, "data")
    for name, told in data.items():
        kind = re.sub(r"\d+$", "", str(name))
        value = told.get("value") if isinstance(told, dict) else None
        if kind not in FIELDS or not isinstance(value, str) or not re.fullmatch(FIELDS[kind], value):
            raise No(47003, f"data.{name}.value is not fit for {kind}")
