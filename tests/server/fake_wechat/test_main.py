"""`python -m server.fake_wechat`, as a person starts it."""

import asyncio
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager

import pytest

from server.fake_wechat.loopback import loopback
from server.gateways.redis import MemoryCache
from server.gateways.wechat import WeChat


@asynccontextmanager
async def started(*arguments):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.fake_wechat", *arguments), stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process, (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_says_where_it_is_and_listens_to_this_machine_only():
    async with started("--port", "0") as (_, line):
        [port] = re.findall(r"^假微信已就绪：http://127\.0\.0\.1:(\d+)$", line.strip())
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", int(port)), timeout=5)
        wechat = WeChat(
            "wx0000000000000fake", "fake-secret", cache=MemoryCache(), base_url=f"http://127.0.0.1:{port}"
        )
        assert (await wechat.sign_in("demo-li")).openid == "openid-demo-li"
        await wechat.close()


async def test_it_stops_when_asked_even_with_a_line_open():
    async with started("--port", "0") as (process, line):
        async with loopback(base_url=line.strip().split("就绪：")[1]) as wire:
            await wire.get("_control/calls")
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 15) == 0
        assert await process.stdout.read() == b""
