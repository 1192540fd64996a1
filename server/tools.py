"""The clock and gateways a process is built with, at `app.ctx.tools`."""

from dataclasses import dataclass

from server.gateways.images import PictureRenderer
from server.gateways.redis import Redis, connect
from server.gateways.sealing import SUITES, KeyRing, MarkKeys
from server.gateways.storage import Storage
from server.gateways.wechat import WeChat
from server.kernel.clock import Clock, SystemClock
from server.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The outside world, chosen once per process."""

    settings: Settings
    clock: Clock
    keys: KeyRing
    marks: MarkKeys
    redis: Redis
    storage: Storage
    wechat: WeChat
    renderer: PictureRenderer

    async def close(self) -> None:
        """Close everything that is open."""
        await self.renderer.close()
        await self.wechat.close()
        await self.redis.close()


def key_ring(settings: Settings) -> KeyRing:
    """Return the key ring of this deployment."""
    return KeyRing(
        settings.master_keys,
        current=settings.current_master_key,
        lookup_key=settings.lookup_key,
        suite=SUITES[settings.seal_suite],
    )


def mark_keys(settings: Settings) -> MarkKeys:
    """Return the keys that find who reported, for reporters.unlock."""
    return MarkKeys(
        settings.reporter_keys, current=settings.current_reporter_key, suite=SUITES[settings.seal_suite]
    )


async def real_tools(settings: Settings, *, clock: Clock | None = None) -> Tools:
    """Return the real gateways, as the settings name them."""
    redis = await connect(settings.redis_url)
    return Tools(
        settings=settings,
        clock=clock or SystemClock(),
        keys=key_ring(settings),
        marks=mark_keys(settings),
        redis=redis,
        storage=Storage.at(settings.storage_url, staging=settings.data_dir / "staging"),
        wechat=WeChat(
            settings.wechat_appid,
            settings.wechat_secret,
            base_url=settings.wechat_base_url,
            cache=redis.cache,
            callback_token=settings.wechat_callback_token,
            callback_aes_key=settings.wechat_callback_aes_key,
            program_state=settings.wechat_program_state,
        ),
        renderer=PictureRenderer(),
    )
