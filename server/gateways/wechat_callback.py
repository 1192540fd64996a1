"""WeChat's callbacks to us. Encrypted mode only: in plain mode the signature does not cover the body."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import msgspec
import xmltodict
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from server.gateways.redis import Cache
from server.gateways.wechat_errors import CallbackForged, CallbackRepeated
from server.kernel.clock import Clock

WINDOW_SECONDS = 300
LARGEST_BODY = 64 * 1024


class Callbacks:
    """Opens what WeChat pushes, and nothing else."""

    def __init__(
        self, appid: str, *, token: str | None, aes_key: str | None, cache: Cache, clock: Clock
    ) -> None:
        self._appid = appid
        self._token = token or ""
        self._key = _key(aes_key) if token and aes_key else None
        self._cache = cache
        self._clock = clock

    def echo(self, query: Mapping[str, str]) -> str:
        """Return what WeChat expects when the address is registered: its `echostr`."""
        self._check_signature(query, name="signature")
        return str(query.get("echostr") or "")

    async def open(self, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Return the event in a callback, once; raises CallbackForged or CallbackRepeated."""
        if query.get("encrypt_type") != "aes" or len(body) > LARGEST_BODY:
            raise CallbackForged("not in the encrypted mode, or too large")
        sealed = _structure(body).get("Encrypt")
        if not isinstance(sealed, str):
            raise CallbackForged("nothing encrypted in it")
        self._check_signature(query, sealed, name="msg_signature")
        event = _structure(self._decrypt(sealed).encode())
        if event.get("appid", self._appid) != self._appid:
            raise CallbackForged("about another mini-program")
        if not await self._cache.set(_seen(query), "1", ttl=2 * WINDOW_SECONDS, nx=True):
            raise CallbackRepeated("opened before")
        return event

    async def forget(self, query: Mapping[str, str]) -> None:
        """Accept WeChat's next attempt, because the effect of this one could not be stored."""
        await self._cache.delete(_seen(query))

    def _check_signature(self, query: Mapping[str, str], *more: str, name: str) -> None:
        timestamp, nonce = str(query.get("timestamp") or ""), str(query.get("nonce") or "")
        if self._key is None:
            raise CallbackForged("callbacks are not configured here")
        expected = signature(self._token, timestamp, nonce, *more)
        if not hmac.compare_digest(expected.encode(), str(query.get(name) or "").encode(errors="replace")):
            raise CallbackForged("wrong signature")
        if not self._is_fresh(timestamp):
            raise CallbackForged("not of these five minutes")

    def _is_fresh(self, timestamp: str) -> bool:
        if not timestamp.isdecimal() or len(timestamp) > 11:
            return False
        return abs(self._clock.now().timestamp() - int(timestamp)) <= WINDOW_SECONDS

    def _decrypt(self, sealed: str) -> str:
        try:
            return str(PrpCrypto(self._key).decrypt(sealed, self._appid))
        except (WeChatException, ValueError, IndexError, struct.error) as error:
            raise CallbackForged("not encrypted for this mini-program") from error


def signature(*parts: str) -> str:
    """Return WeChat's signature: SHA-1 over the parts, sorted and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode(errors="replace"), usedforsecurity=False).hexdigest()


def _key(aes_key: str) -> bytes:
    """Return the AES key in WeChat's EncodingAESKey; ValueError unless it has 43 characters."""
    if len(aes_key) != 43:
        raise ValueError("an EncodingAESKey has 43 characters")
    return base64.b64decode(aes_key + "=")


def _seen(query: Mapping[str, str]) -> str:
    return f"wechat:callback:{query.get('msg_signature')}"


def _structure(raw: bytes) -> dict[str, Any]:
    """Parse JSON or XML, as the office chose on WeChat's page. Document types and entities are refused."""
    try:
        text = raw.decode().strip()
        told = msgspec.json.decode(text) if text.startswith("{") else _read_xml(text)
    except (ValueError, ExpatError, RecursionError, msgspec.DecodeError) as error:
        raise CallbackForged("neither JSON nor XML") from error
    if not isinstance(told, dict):
        raise CallbackForged("no event in it")
    return told


def _read_xml(text: str) -> Any:
    if "<!DOCTYPE" in text:
        raise ValueError("WeChat never sends a document type")
    return xmltodict.parse(text).get("xml")
