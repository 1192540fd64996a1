"""WeChat's API in our terms: callers never see an endpoint, a token or an error number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.gateways.redis import Cache
from server.gateways.wechat_callback import Callbacks
from server.gateways.wechat_client import ProgramState, WeChatClient, part
from server.gateways.wechat_errors import (
    CallbackForged,
    CallbackRepeated,
    CodeRefused,
    ContentRefused,
    NotSeenLately,
    OurFault,
    OutcomeUnknown,
    QuotaSpent,
    ReceiverRefused,
    RiskyAccount,
    TokenRefused,
    WeChatBusy,
    WeChatError,
)
from server.gateways.wechat_events import (
    PictureVerdict,
    SubscriptionChange,
    Verdict,
    read_picture_verdict,
    read_subscription_changes,
    read_verdict,
)
from server.kernel.clock import Clock, SystemClock

__all__ = [
    "CallbackForged",
    "CallbackRepeated",
    "CodeRefused",
    "ContentRefused",
    "NotSeenLately",
    "OurFault",
    "OutcomeUnknown",
    "PictureVerdict",
    "ProgramState",
    "QuotaSpent",
    "ReceiverRefused",
    "RiskyAccount",
    "SubscriptionChange",
    "TokenRefused",
    "Verdict",
    "WeChat",
    "WeChatAccount",
    "WeChatBusy",
    "WeChatError",
    "read_picture_verdict",
    "read_subscription_changes",
]

LONGEST_CHECKED_TEXT = 2500
OVERLAP = 100
SEVERITY = ("pass", "review", "risky")


@dataclass(frozen=True)
class WeChatAccount:
    """The account behind a phone, according to WeChat. Only offices with an open-platform account get a `unionid`."""

    openid: str
    unionid: str | None = None


class WeChat:
    """One mini-program at WeChat. No call is repeated, except once after its token was refused."""

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        cache: Cache,
        callback_token: str | None = None,
        callback_aes_key: str | None = None,
        program_state: ProgramState = "formal",
        base_url: str = "https://api.weixin.qq.com",
        patience: float = 8.0,
        clock: Clock | None = None,
    ) -> None:
        """Set up the client; `patience` is in seconds per exchange, `base_url` points a trial at the fake WeChat."""
        self._line = WeChatClient(appid, secret, base_url=base_url, cache=cache, patience=patience)
        self._ask = self._line.wxa
        self._program_state = program_state
        self._callbacks = Callbacks(
            appid,
            token=callback_token,
            aes_key=callback_aes_key,
            cache=cache,
            clock=clock or SystemClock(),
        )

    async def reach(self) -> None:
        """Ask WeChat for the token that is valid anyway; raises WeChatError unless it answers."""
        await self._line.reach()

    async def sign_in(self, code: str) -> WeChatAccount:
        """Return who sent this `wx.login` code. It works once: after any error the phone must fetch a new one."""
        answer = await self._ask.code_to_session(code)
        # The session_key goes no further: nothing we do needs it, so nobody can lose it.
        return WeChatAccount(str(part(answer, "openid")), answer.get("unionid"))

    async def phone_number(self, code: str) -> str:
        """Return the number behind a `getPhoneNumber` code, with its country code if it is foreign."""
        answer = await self._ask.get_phone_number(code)
        return str(part(answer, "phone_info", "phoneNumber"))

    async def check_text(self, text: str, *, openid: str, scene: int) -> Verdict:
        """Return the worst verdict on any part of the text; raises NotSeenLately if WeChat will not judge (61010).

        `scene`: 1 profile, 2 comment, 3 forum, 4 social log.
        """
        worst = Verdict("pass", 100)
        for piece in _pieces(text):
            verdict = await self._check_piece(piece, openid=openid, scene=scene)
            worst = max(worst, verdict, key=lambda verdict: SEVERITY.index(verdict.suggest))
            if worst.suggest == "risky":
                break
        return worst

    async def check_picture(self, url: str, *, openid: str, scene: int) -> str:
        """Ask WeChat to check a picture behind a public link, ≤ 10 MB; the verdict comes as a callback.

        Returns the trace_id of the callback, which comes within 30 minutes.
        """
        answer = await self._ask.check_image_async(url, openid=openid, scene=scene)
        return str(part(answer, "trace_id"))

    async def tell(self, openid: str, *, template: str, page: str, data: Mapping[str, str]) -> str:
        """Send one subscribe message and return WeChat's number; after OutcomeUnknown it may have arrived."""
        message = {
            "touser": openid,
            "template_id": template,
            "page": page,
            "data": {field: {"value": value} for field, value in data.items()},
            "miniprogram_state": self._program_state,
            "lang": "zh_CN",
        }
        answer = await self._ask.send_subscribe_message(message)
        part(answer, "errcode")
        return str(answer.get("msgid", ""))

    async def draw_code(self, scene: str, *, page: str) -> bytes:
        """Return a mini-program code as a picture; `scene` has at most 32 of WeChat's visible characters."""
        picture = await self._ask.get_unlimited_code(scene, page=page, state=self._program_state)
        if isinstance(picture, bytes):
            return picture
        raise OutcomeUnknown("asked for a code, and no picture came")

    def echo(self, query: Mapping[str, str]) -> str:
        """Return the answer to WeChat's GET when the callback address is registered; raises CallbackForged."""
        return self._callbacks.echo(query)

    async def open_callback(self, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Open the event that WeChat pushes, once; raises CallbackForged or CallbackRepeated for anything else."""
        return await self._callbacks.open(query, body)

    async def forget_callback(self, query: Mapping[str, str]) -> None:
        """Accept WeChat's next attempt at this callback, because its event could not be stored."""
        await self._callbacks.forget(query)

    async def close(self) -> None:
        await self._line.close()

    async def _check_piece(self, piece: str, *, openid: str, scene: int) -> Verdict:
        try:
            answer = await self._ask.check_text(piece, openid=openid, scene=scene)
        except ContentRefused:
            return Verdict("risky")
        return read_verdict(answer.get("result"))


def _pieces(text: str) -> Iterator[str]:
    """Split a text into parts short enough to be checked; they overlap, so no word is hidden by a cut."""
    for start in range(0, max(len(text) - OVERLAP, min(len(text), 1)), LONGEST_CHECKED_TEXT - OVERLAP):
        yield text[start : start + LONGEST_CHECKED_TEXT]
