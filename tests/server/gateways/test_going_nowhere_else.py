"""Our server fetches nothing it is told to: no answer of WeChat's sends it to another host (G15)."""

import asyncio
import itertools

import pytest

from server.gateways.wechat_client import WeChatClient
from server.gateways.wechat_errors import WeChatError
from tests.serving import SETTINGS

STATUSES = (301, 302, 303, 307, 308)
ELSEWHERE = (
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/latest/meta-data/",
    "//127.0.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://wechat@127.0.0.1:{port}/cgi-bin/token",
    "http://0:{port}/",
    "http://127.0.0.1:{port}/?access_token=stolen",
)


class Kept(dict):
    """A cache in memory."""

    async def get(self, name):
        return super().get(name)

    async def set(self, name, value, **_):
        self[name] = value


async def listening(answer, heard):
    """Start a server that gives one answer to everybody; `heard` counts its connections."""

    async def hear(reader, writer):
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(("status", "where"), [*itertools.product(STATUSES, ELSEWHERE)])
async def test_a_redirect_leads_nowhere(status, where):
    asked, elsewhere = [], []
    other, port = await listening(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", elsewhere)
    location = where.format(port=port)
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    wechat, its_port = await listening(head.encode(), asked)
    client = WeChatClient(
        SETTINGS.appid, SETTINGS.secret, base_url=f"http://127.0.0.1:{its_port}", cache=Kept(), patience=5
    )
    try:
        with pytest.raises(WeChatError):
            await client.wxa.get_stable_token(force_refresh=False)
    finally:
        await client.close()
        wechat.close()
        other.close()
    assert len(asked) == 1
    assert elsewhere == []
