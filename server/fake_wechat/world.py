"""The complete state of a fake WeChat, in one resettable place."""

import asyncio
from collections import Counter
from typing import Any

from server.fake_wechat.callbacks import Callbacks
from server.fake_wechat.checks import Checks, Picture
from server.fake_wechat.codes import Codes
from server.fake_wechat.faults import Faults
from server.fake_wechat.messages import Messages
from server.fake_wechat.settings import Settings
from server.fake_wechat.tokens import Tokens


class World:
    """The state of one fake WeChat."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pushing: set[asyncio.Task[Any]] = set()
        self.forget()

    def forget(self) -> None:
        """Reset everything, as after a start."""
        self.rest()
        self.calls: Counter[str] = Counter()
        self.tokens = Tokens(self.settings)
        self.codes = Codes()
        self.messages = Messages(self.settings)
        self.checks = Checks()
        self.callbacks = Callbacks(self.settings)
        self.faults = Faults()

    def rest(self) -> None:
        """Cancel the callbacks that are still scheduled."""
        for task in self._pushing:
            task.cancel()
        self._pushing.clear()

    def tell_later(self, picture: Picture) -> None:
        """Send the verdict on a picture after the configured delay."""
        if self.settings.callback_after is None or not self.callbacks.url:
            return
        task = asyncio.create_task(self._tell_after(self.settings.callback_after, picture))
        self._pushing.add(task)
        task.add_done_callback(self._pushing.discard)

    async def tell_now(self) -> list[dict[str, Any]]:
        """Send all outstanding verdicts; return the status that answered each."""
        waiting = [picture for picture in self.checks.pictures if not picture.is_told]
        return [{"trace_id": picture.trace_id, "status": await self._tell(picture)} for picture in waiting]

    async def _tell_after(self, seconds: float, picture: Picture) -> None:
        await asyncio.sleep(seconds)
        if not picture.is_told:
            await self._tell(picture)

    async def _tell(self, picture: Picture) -> int | None:
        picture.is_told = True
        event = {
            "FromUserName": picture.openid,
            "Event": "wxa_media_check",
            "appid": self.settings.appid,
            "trace_id": picture.trace_id,
            "version": 2,
        }
        return await self.callbacks.push(event | await self.checks.judge_picture(picture))
