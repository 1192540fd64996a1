"""A storage in a folder and one in a bucket: a real S3 server on loopback."""

import subprocess
import sys
import time

import httpx
import pytest

from server.gateways.storage import Storage
from server.trial.looking import free_port
from tests.server.gateways.storage.sending import a_bucket


@pytest.fixture(scope="session")
def s3_endpoint():
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.put(f"{endpoint}/office").raise_for_status()
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield endpoint
    server.kill()
    server.wait()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "storage"


@pytest.fixture(params=["folder", "bucket"])
def storage(request, folder):
    if request.param == "folder":
        return Storage.at(folder.as_uri())
    return a_bucket(request.getfixturevalue("s3_endpoint"), folder / ".staging")
