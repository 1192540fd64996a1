"""The cipher suites: AES-256-GCM by default, SM4-GCM where the customer's terms require 国密."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(Exception):
    """Something sealed cannot be opened: altered, cut short, moved to another row, or its key is missing."""


class Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...
    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher suite; `name` appears in sealed fields, `number` in sealed streams. Neither ever changes."""

    name: str
    number: int
    key_bytes: int
    cipher: Callable[[bytes], Aead]


class Sm4Gcm:
    """SM4-GCM (GB/T 32907) with the tag at the end, with the same interface as the library's AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        encryptor = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        if len(data) < TAG_BYTES:
            raise InvalidTag
        tag = data[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(data[:-TAG_BYTES]) + decryptor.finalize()


AES = Suite("aes256gcm", 1, 32, AESGCM)
SM4 = Suite("sm4gcm", 2, 16, Sm4Gcm)
SUITES = {"aes": AES, "sm4": SM4}  # by the name in a deployment's settings


def opened(aead: Aead, nonce: bytes, *, box: bytes, bound_to: bytes) -> bytes:
    """Return the plain bytes of `box`; raises SealBroken."""
    if len(nonce) != NONCE_BYTES:
        raise SealBroken("cut short")
    try:
        return aead.decrypt(nonce, box, bound_to)
    except InvalidTag as error:
        raise SealBroken("altered, or bound to something else") from error
