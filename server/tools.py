"""What a process is built with: its clock and its gateways. Lives at `app.ctx`."""

from dataclasses import dataclass

from server.clock import Clock
from server.gateways.images import Darkroom
from server.gateways.redis import Redis
from server.gateways.sealing import KeyRing
from server.gateways.storage import Storage
from server.gateways.wechat import WeChat
from server.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The outside, chosen once per process."""

    settings: Settings
    clock: Clock
    keys: KeyRing
    redis: Redis
    storage: Storage
    wechat: WeChat
    darkroom: Darkroom
