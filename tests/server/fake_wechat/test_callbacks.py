"""What the fake WeChat pushes, and how our gateway receives it over the wire."""

import asyncio
import hashlib

import pytest
from sanic import Sanic, raw

from server.fake_wechat import Settings, create_app
from server.fake_wechat.callbacks import seal, sign
from server.gateways.wechat import PictureVerdict, Verdict, read_picture_verdict
from tests.fixtures_wechat import FakeWeChat, a_wechat
from tests.serving import served

LI = "openid-li"
FAR = "https://photos.example/risky-1.jpg"


def test_the_seal_of_the_documents_sample():
    sealed = seal(
        '{"demo_resp":"good luck"}',
        appid="wxba5fad812f8e6fb9",
        aes_key="A" * 43,
        noise=b"707722b803182950",
    )
    assert (
        sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    )
    assert sign("AAAAA", "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_the_verdict_on_a_picture_comes_later(wechat, fake_wechat, office_door, form):
    await fake_wechat.set_callback(office_door.url, form)
    await fake_wechat.judge_picture("risky", "risky", 20002)
    trace_id = await wechat.check_picture(FAR, openid=LI, scene=2)
    assert office_door.received == []

    assert await fake_wechat.fire_callbacks() == [{"trace_id": trace_id, "status": 200}]
    [(query, body)] = office_door.received
    event = await wechat.open_callback(query, body)
    assert event["FromUserName"] == LI
    assert read_picture_verdict(event) == PictureVerdict(trace_id, Verdict("risky", 20002))
    assert await fake_wechat.fire_callbacks() == []


async def test_a_verdict_comes_by_itself_after_its_time(office_door):
    settings = Settings(callback_url=office_door.url, callback_after=0.05)
    async with served(create_app(settings)) as base_url:
        fake = FakeWeChat(base_url, settings=settings)
        wechat = a_wechat(fake)
        trace_id = await wechat.check_picture(FAR, openid=LI, scene=2)
        async with asyncio.timeout(5):
            while not office_door.received:
                await asyncio.sleep(0.01)
        [(query, body)] = office_door.received
        assert (await wechat.open_callback(query, body))["trace_id"] == trace_id
        assert await fake.fire_callbacks() == []
        await wechat.close()
        await fake.close()


async def test_an_unanswered_callback_comes_three_times_and_is_the_same_each_time(fake_wechat, office_door):
    office_door.statuses = [500, 500, 500]
    assert await fake_wechat.push({"Event": "x"}) == 500
    assert len(office_door.received) == 3
    assert office_door.received[0] == office_door.received[1] == office_door.received[2]


async def test_once_answered_a_callback_does_not_come_again(fake_wechat, office_door):
    office_door.statuses = [500, 200]
    assert await fake_wechat.push({"Event": "x"}) == 200
    assert len(office_door.received) == 2


async def test_nobody_listening_is_no_answer(fake_wechat):
    assert await fake_wechat.push({"Event": "x"}) is None


async def test_the_address_is_asked_to_prove_itself(wechat, fake_wechat, office_door):
    assert await fake_wechat.verify_callback()
    [(query, _)] = office_door.received
    assert wechat.echo(query) == query["echostr"]
    office_door.echo = "something else"
    assert not await fake_wechat.verify_callback()


@pytest.fixture
async def photo_store():
    """A server with one picture behind a link."""
    app = Sanic("photo_store", configure_logging=False)
    app.config.update(TOUCHUP=False, AUTO_EXTEND=False, KEEP_ALIVE=False, ACCESS_LOG=False)
    app.add_route(lambda request: raw(b"jpeg bytes", content_type="image/jpeg"), "/1.jpg")
    async with served(app) as base_url:
        yield base_url


async def test_a_link_to_this_machine_is_followed(wechat, fake_wechat, office_door, photo_store):
    await wechat.check_picture(f"{photo_store}/1.jpg", openid=LI, scene=2)
    await wechat.check_picture(f"{photo_store}/missing.jpg", openid=LI, scene=2)
    await fake_wechat.fire_callbacks()
    verdicts = [read_picture_verdict(await wechat.open_callback(*heard)) for heard in office_door.received]
    assert [told.verdict.suggest for told in verdicts] == ["pass", "review"]
    found = (await fake_wechat.pictures())[0]
    assert (found["sha256"], found["size"]) == (hashlib.sha256(b"jpeg bytes").hexdigest(), 10)
