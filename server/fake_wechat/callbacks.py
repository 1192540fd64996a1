"""What WeChat pushes to a server: encrypted, signed, and tried three times."""

import base64
import hashlib
import json
import secrets
import struct
import time
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from server.fake_wechat.loopback import loopback
from server.fake_wechat.settings import Settings

ATTEMPTS = 3
PATIENCE = 5.0
OFFICE = "gh_000000000000"


def seal(plain: str, *, appid: str, aes_key: str, noise: bytes | None = None) -> str:
    """Encrypt as WeChat does: 16 random bytes, length, text, appid; AES-256-CBC, padded to 32 bytes."""
    key = base64.b64decode(aes_key + "=")
    text = plain.encode()
    full = (noise or secrets.token_hex(8).encode()) + struct.pack(">I", len(text)) + text + appid.encode()
    padding = 32 - len(full) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(full + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def sign(*parts: str) -> str:
    """Return WeChat's signature over the token and everything it covers."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Callbacks:
    """Delivers events to the office's callback address."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.url = settings.callback_url
        self.format = settings.callback_format

    def packet(self, event: Mapping[str, Any], *, at: int | None = None) -> tuple[dict[str, str], bytes]:
        """Return the query and body that carry an event."""
        told = {"ToUserName": OFFICE, "CreateTime": int(time.time()), "MsgType": "event"} | dict(event)
        plain = json.dumps(told, ensure_ascii=False) if self.format == "json" else _xml(told)
        sealed = seal(plain, appid=self._settings.appid, aes_key=self._settings.callback_aes_key)
        token, timestamp, nonce = self._settings.callback_token, str(at or int(time.time())), _nonce()
        query = {
            "signature": sign(token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(told.get("FromUserName", "")),
            "encrypt_type": "aes",
            "msg_signature": sign(token, timestamp, nonce, sealed),
        }
        envelope = {"ToUserName": OFFICE, "Encrypt": sealed}
        body = json.dumps(envelope) if self.format == "json" else _xml(envelope)
        return query, body.encode()

    async def push(self, event: Mapping[str, Any]) -> int | None:
        """Deliver an event; repeat the same packet if it is not answered in time, at most three times in all.

        Returns the last status, None if nobody answered or no address is known.
        """
        query, body = self.packet(event)
        status = None
        for _ in range(ATTEMPTS if self.url else 0):
            status = await self._post(query, body)
            if status == 200:
                break
        return status

    async def verify(self) -> bool:
        """Verify the address with a challenge, as WeChat does when it is registered."""
        if not self.url:
            return False
        timestamp, nonce, word = str(int(time.time())), _nonce(), secrets.token_hex(8)
        signature = sign(self._settings.callback_token, timestamp, nonce)
        query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": word}
        async with loopback(timeout=PATIENCE) as wire:
            return (await wire.get(self.url, params=query)).text == word

    async def _post(self, query: Mapping[str, str], body: bytes) -> int | None:
        try:
            async with loopback(timeout=PATIENCE) as wire:
                return (await wire.post(self.url or "", params=query, content=body)).status_code
        except httpx.TransportError:
            return None


def _xml(told: Mapping[str, Any]) -> str:
    return f"<xml>{_elements(told)}</xml>"


def _elements(told: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_elements(value) if isinstance(value, dict) else escape(str(value))}</{name}>"
        for name, values in told.items()
        for value in (values if isinstance(values, list) else [values])
    )


def _nonce() -> str:
    return str(secrets.randbelow(10**9))
