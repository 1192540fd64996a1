"""Any request gets a planned answer in our words: none of them causes a server error."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sanic.exceptions import ServiceUnavailable

from models import Session
from models.vocabulary import Role, SessionChannel
from server import people
from server.web.door import uploading
from server.web.door.problems import CONTENT_TYPE, as_refusal
from tests.conftest import a_report
from tests.never_too_often import NeverTooOften

ROLES = (Role.OFFICE_LEAD, Role.TEAM_MEMBER, Role.COMMISSIONER, Role.AUDITOR)
VALUES = {  # replacements for a value in an address
    "uuid": [str(uuid4()), "0" * 36, "%00", "%ED%A0%80"],
    "int": ["1", "9" * 5000, "-1", "%F0%9F%98%80", "99999999999999999999"],
    "digest": ["0" * 64, "%00" * 64],
    "str": ["x", "%00", "%ED%A0%80", "%FF%FE", "..%2F..%2Fetc%2Fpasswd", "9" * 5000, "%E2%80%AE"],
    "path": ["console.css", "%00", "%ED%A0%80", "..%2F..%2Fsettings.py"],
}
QUERIES = [
    "",
    "?a=%00&a=%ED%A0%80",
    "?%FF=%FF",
    f"?page={'9' * 5000}",
    "?after=%00&q=%00&until=1e400",
    "?q=%ED%A0%80",
]
HEADERS = [  # besides the sign-in
    b"",
    b"User-Agent: \xff\xfe\xe5\xb7\xa5\r\nAccept: \xff\r\nOrigin: \xed\xa0\x80\r\nReferer: \x01",
    b"Idempotency-Key: \xe5\xb7\xa5\xe5\x85\xb7\xe5\xb7\xa5\xe5\x85\xb7\r\nIf-None-Match: \xff\r\nRange: bytes=9-1,-",
    b"Content-Type: multipart/form-data; boundary=\xff\r\nHX-Request: true\r\nHX-Current-URL: http://[",
    b"Idempotency-Key: 12345678\r\nAccept-Language: " + b"z" * 4000 + b'\r\nForwarded: for="["',
    b"Content-Type: application/json; charset=\xff\r\nSec-Fetch-Site: same-origin\r\nX-Forwarded-Proto: \xff",
]
NESTED = [b"[" * 1000, b"[" * 60_000, b'{"a":' * 10_000, b'{"text":' + b"[" * 900 + b"]" * 900 + b"}"]
BODIES = [b"", *NESTED, b"\xff\xfe", b'{"text": "\\ud800"}', b"null", b'{"version": 1e400}', b"a=%00&a=%FF"]
TOKENS = [b"\xe5\xb7\xa5" * 20, b"\xff" * 43, b"a" * 42, b"a" * 44, b"", b"a b c", b"x" * 6000]


@asynccontextmanager
async def begun_request(base_url, *lines, body=b""):
    """Send a request byte for byte as written; what is read afterwards is its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(base_url).port)
    writer.write(b"\r\n".join([*lines, b"Host: x", b"Connection: close"]) + b"\r\n\r\n" + body)
    try:
        async with asyncio.timeout(20):
            yield reader
    finally:
        writer.close()


async def ask(base_url, *lines, body=b""):
    """Return the status and the whole answer of a request as written."""
    length = [b"Content-Length: %d" % len(body)] if body else []
    async with begun_request(base_url, *lines, *length, body=body) as reader:
        answer = await reader.read()
    return int(answer.split(b" ", 2)[1]), answer


def addresses(route):
    """Yield addresses of a route with hostile values, each value in turn in every place."""
    kinds = re.findall(r"<\w+:(\w+)>", route.path)
    for turn in range(max([len(VALUES[kind]) for kind in kinds], default=1)):
        values = (VALUES[kind][turn % len(VALUES[kind])] for kind in kinds)
        yield "/" + re.sub(r"<\w+:\w+>", lambda _, values=values: next(values), route.path)


@pytest.fixture
async def keys(office):
    """Return a powerful person's sign-ins as headers, without rate limits."""
    office.tools.redis.limiter = NeverTooOften()
    now = office.watch.now()
    person = await office.enrol("小陈", Role.ADMINISTRATOR)
    for role in ROLES:
        await people.give_duty(person, role=role, by=None, now=now, organisation=office.root)
    phone, desk = [
        await people.open_session(person, channel=channel, now=now)
        for channel in (SessionChannel.PHONE, SessionChannel.CONSOLE)
    ]
    return [f"Authorization: Bearer {phone}".encode(), f"Cookie: console={desk}; other=".encode() + b"\xff"]


async def test_no_hostile_address_header_or_body_is_a_fault_of_ours(app, office, keys):
    faults, turns = [], count()
    for route in app.router.routes:
        own = [b"Origin: http://x"] if route.ctx.guard.csrf else []
        for method in sorted(route.methods - {"OPTIONS"}):
            for address in addresses(route):
                if address.endswith(("/sessions/current", "/sign-out")):
                    continue
                turn = next(turns)
                query, header = QUERIES[turn % len(QUERIES)], HEADERS[turn % len(HEADERS)]
                body = BODIES[turn % len(BODIES)] if method in ("POST", "PUT", "PATCH") else b""
                line = f"{method} {address}{query} HTTP/1.1".encode()
                more = [one for one in (*keys, header, *own) if one]
                status, answer = await ask(office.base_url, line, *more, body=body)
                if status >= 500 and (address, status) != (
                    "/deep",
                    503,
                ):  # which tells that something is missing
                    faults.append((method, address, query, header, body[:20], answer[-300:]))
    assert faults == []


@pytest.mark.parametrize("nested", NESTED, ids=range(len(NESTED)))
async def test_json_nested_without_end_is_refused_by_every_route_that_reads_json(app, office, keys, nested):
    reading = [route for route in app.router.routes if getattr(route.ctx, "operation", None)]
    reading = [route for route in reading if route.ctx.operation.body]
    assert len(reading) > 20
    for route in reading:
        (method,) = route.methods
        address = next(addresses(route))
        line = f"{method} {address} HTTP/1.1".encode()
        status, answer = await ask(office.base_url, line, *keys, b"Idempotency-Key: 12345678", body=nested)
        is_too_large = len(nested) > (route.ctx.guard.max_bytes or len(nested))
        assert status in ((413,) if is_too_large else (400, 422)), (route.path, answer)
        assert CONTENT_TYPE.encode() in answer


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
@pytest.mark.parametrize("place", [b"Authorization: Bearer ", b"Cookie: console="])
async def test_what_is_no_token_of_ours_is_no_sign_in(office, place, token):
    path, status = ("/api/v1/me", 401) if b"Bearer" in place else ("/console", 303)
    found, answer = await ask(office.base_url, f"GET {path} HTTP/1.1".encode(), place + token)
    assert found == status, answer


async def test_a_browser_of_a_strange_name_can_sign_in(office):
    body = b'{"code": "demo-stranger"}'
    line, name = b"POST /api/v1/sessions HTTP/1.1", b"User-Agent: \xe5\xb7\xa5\xff\x00"
    status, answer = await ask(office.base_url, line, name, body=body)
    assert status == 201, answer
    assert (await Session.get()).device.isprintable()


async def test_an_upload_that_falls_silent_is_told_to_try_again(office, monkeypatch):
    monkeypatch.setattr(uploading, "SILENT_SECONDS", 0.3)
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report())

    line = f"POST /api/v1/photos/{'0' * 64} HTTP/1.1".encode()
    sign_in = f"Authorization: {laoma.client.headers['authorization']}".encode()
    headers = [b"Content-Type: multipart/form-data; boundary=x", b"Content-Length: 4000"]
    begun = b'--x\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n\xff\xd8'
    async with begun_request(office.base_url, line, sign_in, *headers, body=begun) as reader:
        answer = await reader.readuntil(b"}")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "too_slow"


async def test_silence_ends_before_sanic_would_end_it(app):
    assert uploading.SILENT_SECONDS < app.config.RESPONSE_TIMEOUT


def test_an_answer_that_takes_too_long_is_a_planned_answer():
    refusal = as_refusal(ServiceUnavailable("Response Timeout"))
    assert (refusal.code(), refusal.status, refusal.retry) == ("took_too_long", 503, "same")


async def test_the_number_of_a_request_is_our_own(office):
    headers = {"x-request-id": "chosen-by-a-stranger"}
    answer = await office.client().get("/api/v1/me", headers=headers)
    assert "chosen" not in answer.text
    assert len(answer.json()["request_id"]) == 36


@pytest.mark.parametrize("key", ["1234567", "x" * 81, "字" * 12, "12345 678"])
async def test_a_key_that_is_no_key_is_refused_and_never_mended(office, key):
    laoma = await office.phone_of("老马")
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    headers = {"idempotency-key": key.encode()}
    answer = await laoma.post(f"/observations/{client_id}/messages", json={"text": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
