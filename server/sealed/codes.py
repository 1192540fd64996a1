"""The credentials of a reporter without a name: the phone's capability and the 24-digit code on paper."""

import asyncio
import hashlib
import re

from argon2.low_level import Type, hash_secret_raw

from server.gateways.sealing import KeyRing
from server.sealed.refusals import CodeWrong

CAPABILITY = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9]{24}")
SALT = b"duchatong recovery code"  # fixed, so that the code alone finds its row; the pepper comes from the key ring
AT_ONCE = asyncio.Semaphore(2)  # 19 MiB each, so that guessing can't exhaust the memory
CHECK = 97


def capability_hash(capability: str) -> str:
    """Return the stored form of a capability: its SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(b"capability\0" + capability.encode()).hexdigest()


def digits_of(typed: str) -> str:
    """Return the 24 digits of a typed code without blanks and dashes; raises CodeWrong by the check digits. Pure."""
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    if not CODE.fullmatch(digits) or int(digits) % CHECK != 1:
        raise CodeWrong
    return digits


async def recovery_key(code: str, *, keys: KeyRing) -> str:
    """Return the stored form of a code: Argon2id with the ring's pepper, 28 ms, so guessing from a dump is slow."""
    async with AT_ONCE:
        hashed = await asyncio.to_thread(
            hash_secret_raw,
            code.encode(),
            SALT,
            time_cost=2,
            memory_cost=19_456,
            parallelism=1,
            hash_len=32,
            type=Type.ID,
        )
    return keys.lookup(hashed.hex(), kind="recovery code")
