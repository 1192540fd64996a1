"""WeCom's application messages: wechatpy's endpoints behind the same awaitable transport as WeChat's."""

from typing import Any

from wechatpy.enterprise.client.api import WeChatMessage

from server.gateways.redis import Cache
from server.gateways.wechat_client import WeChatClient, part
from server.gateways.wechat_errors import ReceiverRefused
from server.gateways.wechat_token import Token

NOBODY = "81013"  # none of the receivers exists or sees the application


class WeCom(WeChatClient):
    """One application of a corporation; texts only."""

    message = WeChatMessage()

    def __init__(
        self, corp_id: str, secret: str, *, agent_id: int, base_url: str, cache: Cache, patience: float = 8.0
    ) -> None:
        super().__init__(corp_id, secret, base_url=base_url, cache=cache, patience=patience)
        self._agent_id = agent_id

    async def tell(self, user_id: str, words: str) -> str:
        """Send a text to one member and return WeCom's number for it; raises WeChatError."""
        answer: dict[str, Any] = await self.message.send_text(self._agent_id, user_id, words)
        part(answer, "errcode")
        if str(answer.get("invaliduser") or ""):
            raise ReceiverRefused("not a member who sees the application", errcode=int(NOBODY))
        return str(answer.get("msgid", ""))

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Send a request; wechatpy names paths below /cgi-bin, and gives parameters as text or bytes."""
        return await super()._request(method, f"cgi-bin/{url_or_endpoint}", **kwargs)

    async def _ask_for_token(self, force: bool) -> Token:
        del force  # a corporation's token can't be renewed before its end
        credentials = {"corpid": self.appid, "corpsecret": self.secret}
        answer = await self._send("GET", "cgi-bin/gettoken", params=credentials)
        return Token(str(part(answer, "access_token")), int(part(answer, "expires_in")))
