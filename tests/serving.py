"""Serves our applications on loopback within the tests' own process."""

import socket
from contextlib import asynccontextmanager

from sanic import Sanic

from server.fake_wechat import Settings

SETTINGS = Settings(callback_after=None)  # the fake WeChat sends callbacks only when told to


@asynccontextmanager
async def served(app):
    """Serve a Sanic app on a free loopback port; yields its base URL."""
    line = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=line, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{line.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        await server.after_stop()
        Sanic.unregister_app(app)
