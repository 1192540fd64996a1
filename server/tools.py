"""The clock and gateways a process is built with, at `app.ctx.tools`."""

from dataclasses import dataclass

from server.gateways.images import PictureRenderer
from server.gateways.mail import Mail
from server.gateways.redis import Cache, Redis, connect
from server.gateways.sealing import SUITES, KeyRing, MarkKeys
from server.gateways.service_account import ServiceAccount
from server.gateways.storage import Storage
from server.gateways.texts import TextGateway, TextsToFile
from server.gateways.wechat import WeChat
from server.gateways.wecom import WeCom
from server.kernel.clock import Clock, SystemClock
from server.packs import serve_city
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
    # Channels that a city may set up; None: it has not.
    service_account: ServiceAccount | None = None
    wecom: WeCom | None = None
    mail: Mail | None = None
    texts: TextGateway | None = None

    async def close(self) -> None:
        """Close everything that is open."""
        await self.renderer.close()
        for line in (self.wechat, self.service_account, self.wecom):
            if line:
                await line.close()
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
    serve_city(settings.city_pack)
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
        service_account=_service_account(settings, cache=redis.cache),
        wecom=_wecom(settings, cache=redis.cache),
        mail=Mail(settings.smtp_url, sender=settings.mail_from) if settings.smtp_url else None,
        texts=TextsToFile(settings.texts_dir) if settings.texts_dir else None,
    )


def _service_account(settings: Settings, *, cache: Cache) -> ServiceAccount | None:
    if not settings.service_account_appid:
        return None
    return ServiceAccount(
        settings.service_account_appid,
        settings.service_account_secret,
        program=settings.wechat_appid,
        base_url=settings.wechat_base_url,
        cache=cache,
    )


def _wecom(settings: Settings, *, cache: Cache) -> WeCom | None:
    if not settings.wecom_corp_id:
        return None
    return WeCom(
        settings.wecom_corp_id,
        settings.wecom_secret,
        agent_id=settings.wecom_agent_id,
        base_url=settings.wecom_base_url,
        cache=cache,
    )
