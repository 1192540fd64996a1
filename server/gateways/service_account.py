"""Notices of the city's service account (bizsend), and which of its followers have which unionid."""

from collections.abc import Mapping, Sequence
from typing import Any

from wechatpy.client.api.base import BaseWeChatAPI

from server.gateways.redis import Cache
from server.gateways.wechat_client import WeChatClient, part

AT_ONCE = 100  # openids per question about unionids


class AccountEndpoints(BaseWeChatAPI):  # type: ignore[misc]
    """The service account's endpoints that wechatpy lacks or can't await."""

    API_BASE_URL = ""

    def send_notice(self, message: Mapping[str, Any]) -> Any:
        return self._post("cgi-bin/message/subscribe/bizsend", data=dict(message))

    def get_followers(self, after: str) -> Any:
        return self._get("cgi-bin/user/get", params={"next_openid": after})

    def get_infos(self, openids: Sequence[str]) -> Any:
        asked = [{"openid": one, "lang": "zh_CN"} for one in openids]
        return self._post("cgi-bin/user/info/batchget", data={"user_list": asked})


class ServiceAccount(WeChatClient):
    """One service account; its notices open a page of the mini-program."""

    account = AccountEndpoints()

    def __init__(
        self, appid: str, secret: str, *, program: str, base_url: str, cache: Cache, patience: float = 8.0
    ) -> None:
        super().__init__(appid, secret, base_url=base_url, cache=cache, patience=patience)
        self._program = program

    async def tell(self, openid: str, *, template: str, page: str, data: Mapping[str, str]) -> str:
        """Send one notice and return WeChat's number for it, if it gives one; raises WeChatError."""
        message = {
            "touser": openid,
            "template_id": template,
            "miniprogram": {"appid": self._program, "pagepath": page},
            "data": {field: {"value": value} for field, value in data.items()},
        }
        answer = await self.account.send_notice(message)
        part(answer, "errcode")
        return str(answer.get("msgid", ""))

    async def followers(self) -> dict[str, str]:
        """Return the followers that have a unionid: {unionid: openid at the service account}."""
        found: dict[str, str] = {}
        after = ""
        while True:
            answer = await self.account.get_followers(after)
            openids = [str(one) for one in answer.get("data", {}).get("openid", [])]
            for start in range(0, len(openids), AT_ONCE):
                told = await self.account.get_infos(openids[start : start + AT_ONCE])
                found |= {
                    str(one["unionid"]): str(one["openid"])
                    for one in told.get("user_info_list", [])
                    if one.get("unionid")
                }
            after = str(answer.get("next_openid", ""))
            if not openids or not after:
                return found
