"""Codes from `wx.login` and `getPhoneNumber`: whose they are, and how often they work."""

import re
import secrets
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from server.fake_wechat.answers import No

LIFETIME = 300.0
PHONE = re.compile(r"phone-(\+?\d{5,15})")


@dataclass(frozen=True)
class Code:
    """What a code made through the control API stands for."""

    openid: str = ""
    unionid: str | None = None
    phone: str = ""
    errcode: int = 0
    made_at: float = 0.0


class Codes:
    """`demo-<name>` always works; `demo-<name>.<anything>` works once, like every code made to order."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._made: dict[str, Code] = {}
        self._used: set[str] = set()

    def make(self, *, openid: str = "", unionid: str | None = None, phone: str = "", errcode: int = 0) -> str:
        """Make a new code, good once and for five minutes; with `errcode` it is refused with that number."""
        code = f"0{secrets.token_urlsafe(23)}"
        self._made[code] = Code(openid, unionid, phone, errcode, self._clock())
        return code

    def sign_in(self, code: str | None) -> Code:
        """Return who signs in with this code."""
        if not code:
            raise No(41008)
        if code.startswith("demo-") and len(code.split(".")[0]) > len("demo-"):
            self._use_up(code, is_reusable="." not in code)
            return Code(openid=f"openid-{code.split('.')[0]}")
        return self._take(code)

    def phone(self, code: object) -> str:
        """Return the number behind a code: `phone-<number>` and `demo-<name>` always work."""
        if not isinstance(code, str) or not code:
            raise No(41008)
        if number := PHONE.fullmatch(code):
            return number[1]
        if code.startswith("demo-"):
            return f"139{zlib.crc32(code.encode()) % 10**8:08d}"
        return self._take(code).phone

    def _take(self, code: str) -> Code:
        made = self._made.get(code)
        if made is None or self._clock() - made.made_at > LIFETIME:
            raise No(40029)
        self._use_up(code, is_reusable=False)
        if made.errcode:
            raise No(made.errcode)
        return made

    def _use_up(self, code: str, *, is_reusable: bool) -> None:
        if code in self._used:
            raise No(40163)
        if not is_reusable:
            self._used.add(code)
