"""What lets a reporter without a name in: the phone's capability, and the code of 24 digits on paper."""

import asyncio
import hashlib
import re

from argon2.low_level import Type, hash_secret_raw

from server.gateways.sealing import KeyRing
from server.sealed.refusals import CodeWrong

CAPABILITY = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9]{24}")
SALT = b"duchatong recovery code"  # fixed, so that the code alone finds its row; the pepper is the ring's
AT_ONCE = asyncio.Semaphore(2)  # 19 MiB each: guessing can't fill the memory
CHECK = 97


def capability_hash(capability: str) -> str:
    """What is kept of a capability: its SHA-256, enough for 256 random bits."""
    return hashlib.sha256(b"capability\0" + capability.encode()).hexdigest()


def digits_of(typed: str) -> str:
    """The 24 digits of a code as typed, with any blanks and dashes; raises CodeWrong by the check digits. Pure."""
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    if not CODE.fullmatch(digits) or int(digits) % CHECK != 1:
        raise CodeWrong
    return digits


async def recovery_key(code: str, *, keys: KeyRing) -> str:
    """What is kept of a code: Argon2id under the ring's pepper. 28 ms, so a dump with all keys can't be tried out."""
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
