"""Content checks: texts are judged at once, pictures later and by callback."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from server.fake_wechat.answers import No
from server.fake_wechat.loopback import loopback

LARGEST_PICTURE = 10 * 1024 * 1024
NOT_DOWNLOADED = -1008
HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Rule:
    """Content that includes `contains` is judged this way."""

    contains: str
    suggest: str
    label: int


# For trying out by hand what happens to a refused text.
BY_HAND = (
    Rule("测试违规", "risky", 20006),
    Rule("测试存疑", "review", 20001),
    Rule("加微信", "risky", 10001),
)


@dataclass
class Picture:
    """One picture to be checked; `sha256` and `size` describe what was found behind the link."""

    trace_id: str
    openid: str
    url: str
    sha256: str = ""
    size: int = 0
    is_told: bool = False


@dataclass
class Checks:
    """The rules of judgement, whom WeChat has not seen lately, and the pictures it received."""

    texts: list[Rule] = field(default_factory=lambda: list(BY_HAND))
    links: list[Rule] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    pictures: list[Picture] = field(default_factory=list)

    def judge_text(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Answer `msg_sec_check` version 2."""
        content = asked.get("content")
        if not isinstance(content, str) or not content or len(content) > 2500:
            raise No(47001, "content")
        self._check_asker(asked)
        suggest, label = _judge(content, self.texts)
        detail = [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}]
        return {"result": {"suggest": suggest, "label": label}, "detail": detail, "trace_id": _trace_id()}

    def take_picture(self, asked: Mapping[str, Any]) -> Picture:
        """Accept a picture for checking, as `media_check_async` version 2 does."""
        url = asked.get("media_url")
        if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
            raise No(47001, "media_url")
        if asked.get("media_type") not in (1, 2):
            raise No(47001, "media_type")
        self._check_asker(asked)
        self.pictures.append(Picture(_trace_id(), str(asked["openid"]), url))
        return self.pictures[-1]

    async def judge_picture(self, picture: Picture) -> dict[str, Any]:
        """Return the verdict part of the event; links to this machine are really followed."""
        if urlsplit(picture.url).hostname in HERE and not await _download(picture):
            return {"errcode": NOT_DOWNLOADED, "errmsg": "download failed", "detail": []}
        suggest, label = _judge(picture.url, self.links)
        # WeChat sends the label of a picture as text.
        told = {"suggest": suggest, "label": str(label)}
        return {
            "errcode": 0,
            "errmsg": "ok",
            "result": told,
            "detail": [{"strategy": "content_model"} | told],
        }

    def _check_asker(self, asked: Mapping[str, Any]) -> None:
        if asked.get("version") != 2 or asked.get("scene") not in (1, 2, 3, 4):
            raise No(47001, "version or scene")
        if not str(asked.get("openid", "")).startswith("openid-"):
            raise No(40003)
        if asked["openid"] in self.absent:
            raise No(61010)


async def _download(picture: Picture) -> bool:
    try:
        async with loopback(timeout=5) as wire:
            answer = await wire.get(picture.url)
    except httpx.TransportError:
        return False
    picture.size, picture.sha256 = len(answer.content), hashlib.sha256(answer.content).hexdigest()
    return answer.status_code == 200 and 0 < picture.size <= LARGEST_PICTURE


def _judge(content: str, rules: list[Rule]) -> tuple[str, int]:
    for rule in rules:
        if rule.contains in content:
            return rule.suggest, rule.label
    return "pass", 100


def _trace_id() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))
