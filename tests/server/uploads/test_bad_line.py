"""Over a slow, repeatedly breaking connection a photo arrives, and no confirmed byte is sent twice (SUB-04).

The real speeds are measured by `scripts/bench uploading`; here everything is eight times as fast.
"""

import asyncio
import subprocess

import httpx
import pytest

from models import Photo
from server.trial.node_packages import MINIPROGRAM, environment, install
from tests.bad_line import BadLine
from tests.bench.uploading import HARNESS, a_photo, programs
from tests.conftest import sha256
from tests.server.uploads.test_uploads import metadata

SIZE = 1_100_000  # more than fits in one piece
SPEED = 400_000  # bytes a second
CUT_EVERY = 0.5  # seconds: three parts of 64 KiB, and never one of 256


@pytest.fixture
async def line(office):
    async with BadLine(office.base_url, speed=SPEED, cut_every=CUT_EVERY) as line:
        yield line


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.mark.parametrize("client", ["phone", "tuspy", "tus-js-client"])
async def test_a_photo_arrives_and_nothing_confirmed_is_sent_again(line, laoma, tmp_path, client):
    install(HARNESS)
    install(MINIPROGRAM)
    picture = a_photo(SIZE, seed=1)
    (tmp_path / "p.jpg").write_bytes(picture)
    token = laoma.client.headers["authorization"].removeprefix("Bearer ")
    words = programs(tmp_path / "p.jpg", sha256(picture))[client]
    filled = [word.replace("<url>", line.url).replace("<token>", token) for word in words]
    done = await asyncio.to_thread(
        subprocess.run, filled, cwd=HARNESS, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert await Photo.exists(sha256=sha256(picture))
    assert line.passed.cuts >= 3
    assert (line.passed.confirmed, line.passed.twice) == (SIZE, 0)
    assert line.passed.total < 2 * SIZE


async def test_a_client_that_begins_anew_is_noticed(line, laoma):
    picture = a_photo(100_000, seed=2)
    part, told = picture[:65_536], {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    upload = f"{line.url}/api/v1/uploads/{sha256(picture)}-{len(picture)}"
    begin = {"Upload-Length": str(len(picture)), "Upload-Metadata": metadata(sha256(picture))}
    await laoma.post("/uploads", headers={"Tus-Resumable": "1.0.0"} | begin)
    octets = {"Content-Type": "application/offset+octet-stream"}
    statuses = []
    while 204 not in statuses or 409 not in statuses:
        try:
            answer = await laoma.client.patch(upload, content=part, headers=told | octets)
            statuses.append(answer.status_code)
        except httpx.TransportError:
            pass
    assert line.passed.confirmed == len(part)
    assert line.passed.twice >= len(part)
