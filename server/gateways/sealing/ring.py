"""The key ring: seals single fields, hashes them for equality searches, and wraps the keys of files."""

import hmac
import re
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from os import urandom

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.gateways.sealing.suites import AES, NONCE_BYTES, SUITES, Aead, SealBroken, Suite, opened

KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9-]{1,16}")


class KeyRing:
    """Master keys by id: `current` seals, all of them open, and a separate key serves searching.

    Keys have at least 32 bytes, ids up to 16 letters, digits or hyphens; anything else is a ValueError.
    A sealed field is text: `suite.key_id.base64url(nonce + ciphertext + tag)`. Master keys are used only
    here, to derive one key per suite and purpose, so that the two purposes can never be confused.
    """

    def __init__(
        self, master_keys: Mapping[str, bytes], *, current: str, lookup_key: bytes, suite: Suite = AES
    ) -> None:
        for key_id, key in [*master_keys.items(), ("lookup", lookup_key)]:
            if not KEY_ID.fullmatch(key_id) or len(key) < KEY_BYTES:
                raise ValueError(f"key {key_id!r} is malformed or shorter than {KEY_BYTES} bytes")
        if current not in master_keys:
            raise ValueError(f"current key {current!r} is not among the master keys")
        self.current = current
        self.suite = suite
        self._lookup_key = lookup_key
        self._fields = _derived(master_keys, purpose="field")
        self._wraps = _derived(master_keys, purpose="wrap")

    def __repr__(self) -> str:
        return f"<KeyRing current={self.current} suite={self.suite.name}>"

    def seal(self, text: str, *, bound_to: str, alike: bool = False) -> str:
        """Seal a field. `bound_to` names its row (and column): moved elsewhere, the value will not open.

        With `alike` the same text in the same place gives the same value, as a cacheable address needs.
        """
        head = f"{self.suite.name}.{self.current}"
        nonce = self._own_nonce(f"{head}.{bound_to}\0{text}") if alike else urandom(NONCE_BYTES)
        aead = self._fields[self.suite.name, self.current]
        box = aead.encrypt(nonce, text.encode(), f"{head}.{bound_to}".encode())
        return f"{head}.{urlsafe_b64encode(nonce + box).decode()}"

    def unseal(self, value: str, *, bound_to: str) -> str:
        """Open what `seal` sealed for the same `bound_to`, with any key of the ring; raises SealBroken."""
        suite, key_id, body = _parts(value)
        aead = _chosen(self._fields, suite, key_id)
        associated = f"{suite}.{key_id}.{bound_to}".encode()
        return opened(aead, body[:NONCE_BYTES], box=body[NONCE_BYTES:], bound_to=associated).decode()

    def reseal(self, value: str, *, bound_to: str) -> str:
        """Seal a field again under the current key and suite; a value that already uses them is returned unchanged."""
        if _parts(value)[:2] == (self.suite.name, self.current):
            return value
        return self.seal(self.unseal(value, bound_to=bound_to), bound_to=bound_to)

    def key_id(self, value: str) -> str:
        """Return the id of the master key that a sealed field needs."""
        return _parts(value)[1]

    def lookup(self, text: str, *, kind: str) -> str:
        """Return a keyed hash (HMAC-SHA-256, 64 hex digits) that finds equal texts of one `kind` unread."""
        return hmac.digest(self._lookup_key, f"{kind}\0{text}".encode(), sha256).hex()

    def _own_nonce(self, text: str) -> bytes:
        """Return a nonce that no other text has: two texts under one nonce would reveal each other."""
        return bytes.fromhex(self.lookup(text, kind="nonce"))[:NONCE_BYTES]

    def wrap(self, key: bytes, *, suite: Suite, bound_to: bytes) -> bytes:
        """Seal a file's own key under the current master key."""
        nonce = urandom(NONCE_BYTES)
        return nonce + self._wraps[suite.name, self.current].encrypt(nonce, key, bound_to)

    def unwrap(self, wrapped: bytes, *, suite: Suite, key_id: str, bound_to: bytes) -> bytes:
        """Return a file's own key; raises SealBroken."""
        aead = _chosen(self._wraps, suite.name, key_id)
        return opened(aead, wrapped[:NONCE_BYTES], box=wrapped[NONCE_BYTES:], bound_to=bound_to)


def _derived(master_keys: Mapping[str, bytes], *, purpose: str) -> dict[tuple[str, str], Aead]:
    def derive(key: bytes, suite: Suite) -> bytes:
        info = f"duchatong {purpose} {suite.name}".encode()
        return HKDF(SHA256(), suite.key_bytes, salt=None, info=info).derive(key)

    return {
        (suite.name, key_id): suite.cipher(derive(key, suite))
        for suite in SUITES.values()
        for key_id, key in master_keys.items()
    }


def _parts(value: str) -> tuple[str, str, bytes]:
    try:
        suite, key_id, body = value.split(".")
        return suite, key_id, b64decode(body, altchars=b"-_", validate=True)
    except ValueError as error:
        raise SealBroken("not a sealed value") from error


def _chosen(keys: Mapping[tuple[str, str], Aead], suite: str, key_id: str) -> Aead:
    try:
        return keys[suite, key_id]
    except KeyError as error:
        raise SealBroken(f"no key {key_id!r} for suite {suite!r} on this ring") from error
