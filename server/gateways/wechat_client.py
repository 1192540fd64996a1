"""The HTTP client for WeChat: wechatpy's endpoints made awaitable with httpx, failures as our own errors."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

import httpx
from wechatpy.client.api import WeChatWxa
from wechatpy.client.base import BaseWeChatClient

from server.gateways.redis import Cache
from server.gateways.wechat_errors import (
    TOKEN_CODES,
    OurFault,
    OutcomeUnknown,
    TokenRefused,
    WeChatBusy,
    WeChatError,
    meaning_of,
)
from server.gateways.wechat_token import Token, Tokens

CONNECT_SECONDS = 3.0
ProgramState = Literal["developer", "trial", "formal"]


class Endpoints(WeChatWxa):  # type: ignore[misc]
    """wechatpy's mini-program endpoints, updated for what WeChat changed after its last release."""

    API_BASE_URL = ""

    def code_to_session(self, js_code: str) -> Any:
        params = {"appid": self.appid, "secret": self.secret, "js_code": js_code}
        return self._get(
            "sns/jscode2session", params=params | {"grant_type": "authorization_code"}, with_token=False
        )

    def get_stable_token(self, *, force_refresh: bool) -> Any:
        credentials = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._post(
            "cgi-bin/stable_token", data=credentials | {"force_refresh": force_refresh}, with_token=False
        )

    def get_phone_number(self, code: str) -> Any:
        return self._post("wxa/business/getuserphonenumber", data={"code": code})

    def check_text(self, content: str, *, openid: str, scene: int) -> Any:
        data = {"version": 2, "content": content, "openid": openid, "scene": scene}
        return self._post("wxa/msg_sec_check", data=data)

    def check_image_async(self, media_url: str, *, openid: str, scene: int) -> Any:
        data = {"version": 2, "media_url": media_url, "media_type": 2, "openid": openid, "scene": scene}
        return self._post("wxa/media_check_async", data=data)

    def send_subscribe_message(self, message: Mapping[str, Any]) -> Any:
        return self._post("cgi-bin/message/subscribe/send", data=dict(message))

    def get_unlimited_code(self, scene: str, *, page: str, state: ProgramState) -> Any:
        env_version = {"developer": "develop", "trial": "trial", "formal": "release"}[state]
        data = {"scene": scene, "page": page, "check_path": state == "formal", "env_version": env_version}
        return self._post("wxa/getwxacodeunlimit", data=data, wants_picture=True)


class WeChatClient(BaseWeChatClient):  # type: ignore[misc]
    """One connection pool, one token. A call is repeated for one reason only: its token was refused."""

    wxa = Endpoints()

    def __init__(self, appid: str, secret: str, *, base_url: str, cache: Cache, patience: float) -> None:
        super().__init__(appid, auto_retry=False)
        self.secret = secret
        self._patience = patience
        self._tokens = Tokens(appid, cache=cache, ask=self._ask_for_token)
        timeout = httpx.Timeout(patience, connect=min(CONNECT_SECONDS, patience))
        self._wire = httpx.AsyncClient(base_url=base_url, timeout=timeout)
        logging.getLogger("httpx").addFilter(_without_queries)

    async def close(self) -> None:
        await self._wire.aclose()

    async def reach(self) -> None:
        """Ask WeChat for the current token, and keep nothing."""
        await self._ask_for_token(False)

    async def _ask_for_token(self, force: bool) -> Token:
        answer = await self.wxa.get_stable_token(force_refresh=force)
        return Token(str(part(answer, "access_token")), int(part(answer, "expires_in")))

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Send a request. Every endpoint of wechatpy returns what this returns, so all of them can be awaited."""
        kwargs.pop("api_base_url", None)
        if not kwargs.pop("with_token", True):
            return await self._send(method, url_or_endpoint, **kwargs)
        token = await self._tokens.current()
        try:
            return await self._send(method, url_or_endpoint, token=token, **kwargs)
        except TokenRefused:
            token = await self._tokens.renewed(instead_of=token)
        return await self._send(method, url_or_endpoint, token=token, **kwargs)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
        token: str | None = None,
        wants_picture: bool = False,
    ) -> Any:
        query = dict(params or {}) | ({"access_token": token} if token else {})
        # Some of WeChat's checks do not see through \u escapes, so the text is sent as UTF-8.
        content = None if data is None else json.dumps(data, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._wire.request(method, path, params=query, content=content)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise WeChatBusy(type(error).__name__) from error
        except (httpx.TransportError, TimeoutError) as error:
            raise OutcomeUnknown(type(error).__name__) from error
        _check_status(answer.status_code)
        if wants_picture and answer.headers.get("content-type", "").startswith("image/"):
            return answer.content
        return _read(answer, has_token=token is not None)


def _read(answer: httpx.Response, *, has_token: bool) -> dict[str, Any]:
    try:
        told = json.loads(answer.content)
        errcode, errmsg = int(told.get("errcode", 0)), str(told.get("errmsg", ""))
    except (ValueError, TypeError, AttributeError) as error:
        raise OutcomeUnknown("an answer that is not WeChat's") from error
    if errcode and has_token and errcode in TOKEN_CODES:
        raise TokenRefused(errmsg[:200], errcode=errcode)
    if errcode:
        raise meaning_of(errcode, errmsg)
    return dict(told)


def part(answer: dict[str, Any], *path: str) -> Any:
    """Return the value at `path` in an answer; raises OutcomeUnknown if it is missing."""
    told: Any = answer
    for name in path:
        if not isinstance(told, dict) or name not in told:
            raise OutcomeUnknown(f"an answer without {name}")
        told = told[name]
    return told


def _check_status(status: int) -> None:
    if status == 200:
        return
    refused: Callable[[str], WeChatError] = OurFault
    if status == 504:
        refused = OutcomeUnknown  # the gateway gave up waiting; the system behind it may not have
    elif status >= 500 or status == 429:
        refused = WeChatBusy
    raise refused(f"HTTP {status}")


def _without_queries(record: logging.LogRecord) -> bool:
    """Remove the query of each URL that httpx logs: ours contain the secret and the token."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg for arg in record.args
        )
    return True
