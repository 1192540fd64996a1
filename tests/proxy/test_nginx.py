"""The office behind the real nginx, configured as in scripts/nginx.conf: which address counts, and what is logged."""

import asyncio
import datetime
import json
import os
import re
import secrets
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.kernel.unit_of_work import DatabaseAway
from server.trial.looking import free_port
from server.web.door.admission import TooOften
from server.web.door.problems import TooBig, problem_of
from tests.nginx import nginx
from tests.rig.servers import Estate

WRITTEN = (Path(__file__).parents[2] / "scripts/nginx.conf").read_text("utf-8")
SECRET = secrets.token_urlsafe(32)
AROUND = """
{user}
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/office.conf;
}}
"""
NUMBER = "ABCDE-23456"
EXAMPLES = {
    "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    "int": "1",
    "str": "x",
    "digest": "0" * 64,
    "path": "x",
}


def a_certificate(folder):
    """Make a key and a certificate for this test alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "office")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))


def set_up(folder, *, port, upstreams):
    """Return the configuration with this machine's ports, paths and secret."""
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{upstreams[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "OFFICE.EXAMPLE": "127.0.0.1",
        "/PATH/TO/CERTIFICATE.pem": str(folder / "certificate.pem"),
        "/PATH/TO/KEY.pem": str(folder / "key.pem"),
        "/var/log/nginx/": f"{folder}/",
        "THE_SECRET": SECRET,
    }
    conf = WRITTEN
    for written, real in changes.items():
        assert written in conf, written
        conf = conf.replace(written, real)
    (folder / "office.conf").write_text(conf)
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    a_certificate(folder)


class Proxy:
    """A running nginx in front of two processes, and clients with different addresses."""

    def __init__(self, estate, folder, port):
        self.estate, self.folder, self.port = estate, folder, port

    def at(self, address, *, server=None):
        """Return a client at 127.0.0.x that connects to the proxy or directly to a server."""
        wire = httpx.AsyncHTTPTransport(local_address=address, verify=False)
        there = f"http://127.0.0.1:{server}" if server else f"https://127.0.0.1:{self.port}"
        return httpx.AsyncClient(transport=wire, base_url=there, timeout=30)

    def log(self):
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("office*.log"))


@pytest.fixture(scope="module")
async def proxy(tmp_path_factory):
    program = await asyncio.to_thread(nginx)
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    more = {
        "MODE": "production",
        "PUBLIC_URL": f"https://127.0.0.1:{port}",
        "FORWARDED_SECRET": SECRET,
    }
    async with Estate(servers=2, worker=False, more=more) as estate:
        set_up(folder, port=port, upstreams=[estate.port(0), estate.port(1)])
        words = [str(program), "-p", str(folder), "-e", str(folder / "error.log"), "-c", "nginx.conf"]
        async with running(words, folder, port):
            yield Proxy(estate, folder, port)


@asynccontextmanager
async def running(words, folder, port):
    """Start nginx and wait until it answers; stop it at the end."""
    process = await asyncio.create_subprocess_exec(*words, stdout=sys.stderr, stderr=sys.stderr)
    try:
        async with asyncio.timeout(20):
            while True:
                assert process.returncode is None, (folder / "error.log").read_text()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await process.wait()


async def ask_until_too_often(client, *, headers=None, most=200):
    """Request a receipt until it is too often; return how many requests were answered."""
    for number in range(most):
        headers_now = headers(number) if headers else {}
        answer = await client.post("/api/v1/receipts", json={"number": NUMBER}, headers=headers_now)
        if answer.status_code == 429:
            return number
        assert answer.status_code == 404, answer.text
    return most


def forged(number):
    """Return all headers that claim another address, a different one each time."""
    address = f"6.6.{number // 250}.{number % 250}"
    return {
        "forwarded": f'for="{address}";proto=https;host="evil.example";secret=guessed',
        "x-forwarded-for": address,
        "x-real-ip": address,
        "x-forwarded-host": "evil.example",
        "x-scheme": "https",
    }


async def test_nginx_finds_nothing_wrong_with_the_configuration(proxy):
    words = ["-p", proxy.folder, "-e", proxy.folder / "tested.log", "-c", "nginx.conf", "-t"]
    done = await asyncio.to_thread(
        subprocess.run, [nginx(), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


async def test_people_behind_the_proxy_have_limits_of_their_own(proxy):
    async with proxy.at("127.0.0.2") as busy, proxy.at("127.0.0.3") as calm:
        assert await ask_until_too_often(busy) <= 60  # thirty at each of two servers
        answer = await calm.post("/api/v1/receipts", json={"number": NUMBER})
    assert answer.status_code == 404, answer.text


async def test_whoever_forges_an_address_before_the_proxy_stays_who_he_is(proxy):
    async with proxy.at("127.0.0.4") as forger:
        assert await ask_until_too_often(forger, headers=forged) <= 60


async def test_whoever_reaches_a_server_directly_and_forges_an_address_stays_who_he_is(proxy):
    async with proxy.at("127.0.0.5", server=proxy.estate.port(0)) as forger:
        assert await ask_until_too_often(forger, headers=forged) <= 30


async def test_the_secret_is_what_makes_an_address_believed(proxy):
    def known(number):
        return {"forwarded": f'for="7.7.7.{number}";secret={SECRET}'}

    async with proxy.at("127.0.0.6", server=proxy.estate.port(0)) as insider:
        assert await ask_until_too_often(insider, headers=known, most=60) == 60


async def test_people_sign_in_and_work_through_the_proxy(proxy):
    async with proxy.at("127.0.0.7") as browser:
        shown = await browser.get("/console/sign-in")
        tried = await browser.post(
            "/console/sign-in",
            data={"username": "x", "password": "y", "code": "1"},
            headers={"origin": f"https://127.0.0.1:{proxy.port}"},
        )
        foreign = await browser.post("/console/sign-in", data={}, headers={"origin": "https://evil.example"})
    assert (shown.status_code, tried.status_code, foreign.status_code) == (200, 401, 403)
    assert "strict-transport-security" in shown.headers


async def test_metrics_are_not_shown_through_the_proxy(proxy):
    async with proxy.at("127.0.0.8") as stranger:
        assert (await stranger.get("/metrics")).status_code == 404
    async with proxy.at("127.0.0.1", server=proxy.estate.port(0)) as machine:
        assert (await machine.get("/metrics")).status_code == 200
        passed_on = await machine.get("/metrics", headers={"forwarded": f"for=8.8.8.8;secret={SECRET}"})
        assert passed_on.status_code == 404


async def test_what_may_be_large_passes_and_what_may_not_is_refused_in_our_words(app, proxy):
    async with proxy.at("127.0.0.9") as sender:
        for route in app.router.routes:
            for method in route.methods & {"POST", "PUT", "PATCH"}:
                address = "/" + re.sub(r"<\w+:(\w+)>", lambda found: EXAMPLES[found[1]], route.path)
                is_large = route.ctx.guard.max_bytes is None
                size = 10 * 1024 * 1024 + 60_000 if is_large else 1024 * 1024 + 1
                answer = await sender.request(method, address, content=b"x" * size)
                assert (answer.status_code == 413) is not is_large, (route.path, answer.status_code)


@pytest.mark.parametrize("refusal", [TooBig, TooOften, DatabaseAway])
def test_the_proxys_own_refusals_have_the_words_of_the_office(refusal):
    told = [json.loads(text) for text in re.findall(r"return \d+ '(\{.*\})'", WRITTEN)]
    (own,) = [one for one in told if one["code"] == refusal.code()]
    assert own == problem_of(refusal(), request_id="$request_id")


def test_the_proxys_times_fit_those_of_the_server(app):
    def seconds(name, place=WRITTEN):
        return int(re.search(rf"{name} (\d+)s", place)[1])

    upstream = re.search(r"upstream office \{(.*?)\n\}", WRITTEN, re.DOTALL)[1]
    assert seconds("keepalive_timeout", upstream) < app.config.KEEP_ALIVE_TIMEOUT
    assert seconds("proxy_read_timeout") > app.config.RESPONSE_TIMEOUT
    assert seconds("client_body_timeout") <= app.config.REQUEST_TIMEOUT


async def test_the_proxy_writes_down_no_report_no_receipt_and_no_query(proxy):
    client_id, receipt = "7d0e6c1a-1111-4222-8333-abcdefabcdef", "QWERT-98765"
    async with proxy.at("127.0.0.10") as phone:
        while (await phone.get(f"/api/v1/observations/{client_id}")).status_code == 503:
            await asyncio.sleep(0.2)  # a busy machine asks for patience
        await phone.get(f"/api/v1/receipts/{receipt}?person={client_id}")
        await phone.post(f"/api/v1/photos/{'0' * 64}", content=b"x" * 1_000_000)
        await phone.get("/api/v1/" + client_id * 400)  # too long for nginx itself
    written = proxy.log()
    assert "127.0.0.10 phone GET 401" in written, [
        one for one in written.splitlines() if "127.0.0.10 " in one
    ]
    assert [secret for secret in (client_id, receipt, "0" * 64, "observations") if secret in written] == []


async def test_while_no_server_answers_people_are_told_to_try_again(proxy):
    for server in proxy.estate.servers:
        server.kill()
    try:
        async with proxy.at("127.0.0.11") as phone:
            answer = await phone.get("/api/v1/me")
    finally:
        proxy.estate.start_all()
        await proxy.estate.ready()
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert int(answer.headers["retry-after"]) <= 3
