"""A WeChat for tests: `fake_wechat` runs in this process, `wechat` talks to it, `office_door` receives callbacks."""

import json
import time
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from sanic import Sanic, text

from server.fake_wechat import create_app
from server.fake_wechat.callbacks import Callbacks as Sender
from server.fake_wechat.callbacks import seal, sign
from server.fake_wechat.loopback import loopback
from server.gateways.redis import MemoryCache
from server.gateways.wechat import WeChat
from tests.serving import SETTINGS, served

LI = "openid-li"
PASSED = {"Event": "wxa_media_check", "trace_id": "t-1", "result": {"suggest": "pass", "label": "100"}}


class FakeWeChat:
    """The control API of a fake WeChat at `base_url`, in this process or another."""

    def __init__(self, base_url, *, settings=SETTINGS):
        self.base_url = base_url
        self.settings = settings
        self._wire = loopback(base_url=f"{base_url}/_control", timeout=30)

    async def reset(self):
        await self._post("reset")

    async def make_code(self, openid, **order):
        """Make a code that signs `openid` in, once."""
        return (await self._post("codes", openid=openid, **order))["code"]

    async def make_phone_code(self, phone):
        return (await self._post("codes", phone=phone))["code"]

    async def disturb(self, path, kind, value=0, **order):
        """Order a fault: see `server.fake_wechat.faults.Fault`."""
        await self._post("faults", path=path, kind=kind, value=value, **order)

    async def expire_tokens(self):
        await self._post("tokens/expire")

    async def grant(self, openid, template, count=1):
        await self._post("credits", openid=openid, template=template, count=count)

    async def set_quota(self, sends):
        await self._post(f"quota/{sends}")

    async def judge_text(self, contains, suggest, label=20001):
        await self._post("verdicts/text", contains=contains, suggest=suggest, label=label)

    async def judge_picture(self, contains, suggest, label=20001):
        await self._post("verdicts/picture", contains=contains, suggest=suggest, label=label)

    async def send_away(self, openid):
        """Make WeChat act as if it had not seen this person for two hours."""
        await self._post("absent", openid=openid)

    async def set_callback(self, url, format="json"):
        await self._post("callbacks", url=url, format=format)

    async def verify_callback(self):
        return (await self._post("callbacks/verify"))["is_verified"]

    async def fire_callbacks(self):
        """Push all verdicts on pictures now; return [{trace_id, status}]."""
        return await self._post("callbacks/fire")

    async def push(self, event):
        """Push any event; return the status that answered it."""
        return (await self._post("callbacks/push", **event))["status"]

    async def calls(self, path):
        return (await self._get("calls")).get(path, 0)

    async def messages(self):
        return await self._get("messages")

    async def notices(self):
        """Return what the service account has sent."""
        return await self._get("notices")

    async def texts(self):
        """Return what the WeCom application has sent."""
        return await self._get("texts")

    async def follow(self, openid, unionid):
        """Let somebody follow the service account."""
        await self._post("followers", openid=openid, unionid=unionid)

    async def pictures(self):
        return await self._get("pictures")

    async def close(self):
        await self._wire.aclose()

    async def _post(self, desk, /, **order):
        return (await self._wire.post(desk, json=order)).raise_for_status().json()

    async def _get(self, desk):
        return (await self._wire.get(desk)).raise_for_status().json()


@dataclass
class OfficeDoor:
    """Receives callbacks: keeps (query, body), answers with the prepared statuses, then 200."""

    url: str = ""
    received: list = field(default_factory=list)
    statuses: list = field(default_factory=list)
    echo: str = ""


@pytest.fixture(scope="session")
async def _fake_wechat_server():
    async with served(create_app(SETTINGS)) as base_url:
        fake = FakeWeChat(base_url)
        yield fake
        await fake.close()


@pytest.fixture
async def fake_wechat(_fake_wechat_server):
    """A fake WeChat in its initial state."""
    await _fake_wechat_server.reset()
    return _fake_wechat_server


@pytest.fixture
async def wechat(fake_wechat):
    """Our gateway, connected to the fake WeChat."""
    gateway = a_wechat(fake_wechat)
    yield gateway
    await gateway.close()


@pytest.fixture(scope="session")
async def _office_door_server():
    door = OfficeDoor()
    app = Sanic(f"office_door_{uuid4().hex}", configure_logging=False)
    app.config.update(TOUCHUP=False, AUTO_EXTEND=False, KEEP_ALIVE=False, ACCESS_LOG=False)

    @app.post("/wechat/callback")
    async def hear(request):
        door.received.append((dict(request.query_args), request.body))
        return text("success", status=door.statuses.pop(0) if door.statuses else 200)

    @app.get("/wechat/callback")
    async def answer(request):
        door.received.append((dict(request.query_args), b""))
        return text(door.echo or request.args.get("echostr"))

    async with served(app) as base_url:
        door.url = f"{base_url}/wechat/callback"
        yield door


@pytest.fixture
async def office_door(_office_door_server, fake_wechat):
    """A listener that receives the fake WeChat's callbacks."""
    door = _office_door_server
    door.received, door.statuses, door.echo = [], [], ""
    await fake_wechat.set_callback(door.url)
    return door


def a_wechat(fake, **changes):
    """Return a gateway for this fake; the caller closes it."""
    settings = fake.settings
    given = {
        "base_url": fake.base_url,
        "cache": MemoryCache(),
        "callback_token": settings.callback_token,
        "callback_aes_key": settings.callback_aes_key,
    }
    return WeChat(settings.appid, settings.secret, **(given | changes))


async def tell(wechat, openid=LI, **changes):
    message = {
        "template": "due-soon",
        "page": "pages/ledger/show?id=1",
        "data": {"thing1": "有 1 件事项临期"},
    }
    await wechat.tell(openid, **(message | changes))


class StoppedClock:
    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant


def an_office(settings=SETTINGS, *, clock=None, **changes):
    given = {
        "callback_token": settings.callback_token,
        "callback_aes_key": settings.callback_aes_key,
        "cache": MemoryCache(),
        "clock": clock,
    }
    given |= changes
    return WeChat(given.pop("appid", settings.appid), "secret", **given)


def a_packet(event=PASSED, *, settings=SETTINGS, at=None, form="json"):
    sender = Sender(settings)
    sender.format = form
    return sender.packet(event, at=at)


def a_packet_around(plain, *, settings=SETTINGS):
    """Return `plain` sealed and signed as WeChat would, whatever it contains."""
    sealed = seal(plain, appid=settings.appid, aes_key=settings.callback_aes_key)
    timestamp = str(int(time.time()))
    query = {
        "timestamp": timestamp,
        "nonce": "7",
        "encrypt_type": "aes",
        "msg_signature": sign(settings.callback_token, timestamp, "7", sealed),
    }
    return query, json.dumps({"Encrypt": sealed}).encode()
