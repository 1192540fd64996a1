"""Sealed streams as the format describes them: built here by hand from fixed keys, and pinned by their digests.

STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a frame's nonce is its number and whether it is the last.
"""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.gateways.sealing import AES, SM4, KeyRing, SealBroken, unseal_chunks

FRAME = 64 * 1024
PLACE = "originals/ab/cd"
MASTER, LOOKUP = bytes(range(32)), bytes(range(32, 64))
FILE_KEY, NONCE = bytes(range(64, 96)), bytes(range(12))
VECTORS = {
    ("aes", 0): "4065e8090071a0f6b3ffe878dfde8b62978ce45270c9b5918d6df6456f10acc9",
    ("aes", 1): "9629cf6a664e26a8f01a3620389d8d10f23428265d2480e1edccf8d04d748c7d",
    ("aes", FRAME): "43ad0949ed410b5c179e3d6b9ade2ebd50c5e344fcfc93257731f849a1bd946b",
    ("aes", FRAME + 1): "90ce3842ddc7d783eaea027dd501ec29cac73e8ca90c8ab56818929d02eaeb76",
    ("aes", 2 * FRAME): "c8238f46408e38ec6efff01384e4935cec91595588e92f3ad0164d9cd7c8c129",
    ("sm4", 2 * FRAME + 5): "6fe74e136dbd73f879505b30fd585779a8d8e2952db9b8908575daa9294286f7",
}
SUITES = {"aes": AES, "sm4": SM4}


def plain(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def written(name: str, length: int) -> bytes:
    """Return a sealed stream of this length, as the format's description has it."""
    suite = SUITES[name]
    head = b"SEAL\x01" + struct.pack(">BB", suite.number, 4) + b"2026" + struct.pack(">I", FRAME)
    info = f"duchatong wrap {suite.name}".encode()
    wrapping = HKDF(SHA256(), suite.key_bytes, salt=None, info=info).derive(MASTER)
    file_key = FILE_KEY[: suite.key_bytes]
    wrapped = NONCE + suite.cipher(wrapping).encrypt(NONCE, file_key, head + PLACE.encode())
    data, frames = plain(length), []
    starts = range(0, max(length, 1), FRAME)
    for number, start in enumerate(starts):
        nonce = number.to_bytes(11, "big") + (b"\1" if number == len(starts) - 1 else b"\0")
        frames.append(suite.cipher(file_key).encrypt(nonce, data[start : start + FRAME], None))
    return head + wrapped + b"".join(frames)


async def opened(data: bytes) -> bytes:
    async def sent():
        yield data

    ring = KeyRing({"2026": MASTER}, current="2026", lookup_key=LOOKUP)
    return b"".join([one async for one in unseal_chunks(sent(), ring=ring, bound_to=PLACE)])


@pytest.mark.parametrize(("name", "length"), VECTORS)
async def test_a_stream_of_fixed_keys_has_these_very_bytes_and_opens(name, length):
    data = written(name, length)
    assert hashlib.sha256(data).hexdigest() == VECTORS[name, length]
    assert await opened(data) == plain(length)


async def test_a_stream_cut_after_a_whole_frame_does_not_open():
    data = written("aes", 2 * FRAME)
    with pytest.raises(SealBroken):
        await opened(data[: -FRAME - 16])


async def test_two_frames_that_changed_places_do_not_open():
    data = written("aes", 3 * FRAME)
    body = len(data) - 3 * (FRAME + 16)
    one, other = (slice(body + n * (FRAME + 16), body + (n + 1) * (FRAME + 16)) for n in (0, 1))
    with pytest.raises(SealBroken):
        await opened(data[:body] + data[other] + data[one] + data[one.start + 2 * (FRAME + 16) :])


def test_the_ciphers_of_frames_are_those_of_their_standards():
    """AES-256-GCM: test case 14 of the GCM specification. SM4-GCM: RFC 8998, appendix A.1."""
    zeros = AES.cipher(bytes(32)).encrypt(bytes(12), bytes(16), None)
    assert zeros.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    data = b"".join(bytes([one]) * 8 for one in bytes.fromhex("aabbccddeeffeeaa"))
    tied = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert SM4.cipher(key).encrypt(nonce, data, tied).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
