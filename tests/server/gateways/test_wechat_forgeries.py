"""Forged, swapped and poisoned callbacks: none of them is opened."""

import base64
import json
import random
import time

import pytest

from server.fake_wechat import Settings
from server.fake_wechat.callbacks import sign
from server.gateways.wechat import CallbackForged
from tests.fixtures_wechat import PASSED, a_packet, a_packet_around, an_office
from tests.serving import SETTINGS


@pytest.fixture
def office():
    return an_office()


async def test_a_body_swapped_under_a_genuine_signature_is_refused(office):
    query, _ = a_packet()
    _, other_body = a_packet(PASSED | {"trace_id": "t-2"})
    with pytest.raises(CallbackForged):
        await office.open_callback(query, other_body)


async def test_the_signature_that_does_not_cover_the_body_is_not_enough(office):
    query, body = a_packet()
    with pytest.raises(CallbackForged):
        await office.open_callback(query | {"msg_signature": query["signature"]}, body)


async def test_a_plain_body_with_a_genuine_plain_signature_is_refused(office):
    query, _ = a_packet()
    plain = {name: query[name] for name in ("signature", "timestamp", "nonce")}
    for more in ({}, {"encrypt_type": "raw"}, {"encrypt_type": "aes", "msg_signature": query["signature"]}):
        with pytest.raises(CallbackForged):
            await office.open_callback(plain | more, json.dumps(PASSED).encode())


async def test_plain_fields_beside_the_sealed_ones_are_not_believed(office):
    query, body = a_packet()
    mixed = json.loads(body) | {"Event": "wxa_media_check", "trace_id": "t-forged"}
    assert (await office.open_callback(query, json.dumps(mixed).encode()))["trace_id"] == "t-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"msg_signature": "签名"},
        {"timestamp": "1"},
        {"timestamp": ""},
        {"timestamp": "9" * 5000},
        {"nonce": "other"},
        {"nonce": "\ud800"},
        {"msg_signature": "\ud800"},
        {"encrypt_type": "raw"},
    ],
)
async def test_a_changed_query_is_refused(office, changes):
    query, body = a_packet()
    with pytest.raises(CallbackForged):
        await office.open_callback(query | changes, body)


async def test_a_time_of_five_thousand_digits_is_refused_even_when_signed(office):
    query, body = a_packet()
    late = query | {"timestamp": "9" * 5000}
    signed = sign(SETTINGS.callback_token, late["timestamp"], late["nonce"], json.loads(body)["Encrypt"])
    with pytest.raises(CallbackForged):
        await office.open_callback(late | {"msg_signature": signed}, body)


async def test_a_body_beyond_all_measure_is_refused_even_when_signed(office):
    with pytest.raises(CallbackForged):
        await office.open_callback(*a_packet(PASSED | {"note": "长" * 20_000}))


async def test_an_empty_query_is_refused(office):
    with pytest.raises(CallbackForged):
        await office.open_callback({}, a_packet()[1])


async def test_another_mini_programs_callback_is_refused(office):
    query, body = a_packet(settings=Settings(appid="wx_another"))
    with pytest.raises(CallbackForged):
        await office.open_callback(query, body)


async def test_an_event_about_another_mini_program_is_refused(office):
    query, body = a_packet(PASSED | {"appid": "wx_another"})
    with pytest.raises(CallbackForged):
        await office.open_callback(query, body)


async def test_a_callback_sealed_with_another_key_is_refused(office):
    query, body = a_packet(settings=Settings(callback_aes_key="B" * 43))
    with pytest.raises(CallbackForged):
        await office.open_callback(query, body)


@pytest.mark.parametrize(
    "missing",
    [{"callback_token": None}, {"callback_token": ""}, {"callback_aes_key": None}, {"callback_aes_key": ""}],
)
async def test_without_keys_every_callback_is_refused(missing):
    office = an_office(**missing)
    query, body = a_packet(settings=Settings(callback_token=""))
    with pytest.raises(CallbackForged):
        await office.open_callback(query, body)
    with pytest.raises(CallbackForged):
        office.echo(query)


def test_a_key_of_the_wrong_length_is_noticed_at_the_start():
    with pytest.raises(ValueError, match="43"):
        an_office(callback_aes_key="short")


BOMB = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<xml><Encrypt>&c;</Encrypt></xml>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Encrypt>&f;</Encrypt></xml>'


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        OUTSIDE.encode(),
        BOMB.encode("utf-16"),
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"Encrypt": 5}',
        b'{"Encrypt": "\\ud800"}',
        b"<xml/>",
        b"<xml>text</xml>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"<a>" * 15_000,
        b"\xff\xfe\x00",
        b'{"Encrypt": "' + b"A" * 70_000 + b'"}',
    ],
)
async def test_bombs_and_rubbish_are_refused(office, body):
    query, _ = a_packet()
    with pytest.raises(CallbackForged):
        await office.open_callback(query, body)


TYPED = "<!DOCTYPE xml><xml><Event>x</Event></xml>"


@pytest.mark.parametrize("plain", [BOMB, TYPED, "", "null", "[1]", "{", "<xml>", "text", "[" * 40_000])
async def test_even_a_genuine_seal_lets_no_bomb_in(office, plain):
    with pytest.raises(CallbackForged):
        await office.open_callback(*a_packet_around(plain))


async def test_a_sealed_text_of_any_length_is_refused_calmly(office):
    """Signed by one who knows the token but not the key: the decryption sees every kind of rubbish."""
    dice = random.Random(7)
    for length in [0, 1, 15, 16, 17, 32, 48, 64, *(dice.randrange(400) for _ in range(200))]:
        sealed = base64.b64encode(dice.randbytes(length)).decode()
        timestamp = str(int(time.time()))
        signed = sign(SETTINGS.callback_token, timestamp, "1", sealed)
        query = {"timestamp": timestamp, "nonce": "1", "encrypt_type": "aes", "msg_signature": signed}
        with pytest.raises(CallbackForged):
            await office.open_callback(query, json.dumps({"Encrypt": sealed}).encode())


async def test_five_hundred_forgeries_open_nothing(office):
    dice = random.Random(15)
    query, body = a_packet()
    for _ in range(500):
        forged_query, forged = dict(query), bytearray(body)
        if dice.random() < 0.5:
            name = dice.choice(["timestamp", "nonce", "msg_signature"])
            forged_query[name] = str(dice.randrange(10**10))
        else:
            sealed_from = body.index(b'"Encrypt"') + 12
            place = dice.randrange(sealed_from, len(body) - 4)
            forged[place] = forged[place] % 26 + 65 if forged[place] % 26 + 65 != forged[place] else 66
        if forged_query == query and bytes(forged) == body:
            continue
        with pytest.raises(CallbackForged):
            await office.open_callback(forged_query, bytes(forged))
    assert (await office.open_callback(query, body))["trace_id"] == "t-1"
