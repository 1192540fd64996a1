"""Keys of holders and readers: one hybrid pair each (ML-KEM-768 with X25519), written as one line of text.

An envelope is kept for years, so it must also resist the machines of the future. No SM2: where 国密 is required
of the holders, replace this layer.
"""

import hashlib
from base64 import b64decode, b64encode
from os import urandom

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
PUBLIC, PRIVATE = "duchatong-public-1:", "duchatong-private-1:"
SEED_BYTES, CURVE_BYTES, LATTICE_BYTES = 64, 32, 1184


class NotAKey(Exception):
    """The text is not a key of the expected kind."""


def new_key() -> tuple[str, str]:
    """Generate a key pair as two lines: the private one stays with its holder, the public one is handed in."""
    seed, curve = urandom(SEED_BYTES), urandom(CURVE_BYTES)
    private = PRIVATE + b64encode(seed + curve).decode()
    lattice = MLKEM768PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    elliptic = X25519PrivateKey.from_private_bytes(curve).public_key().public_bytes_raw()
    return private, PUBLIC + b64encode(lattice + elliptic).decode()


def public_key(text: str) -> hpke.MLKEM768X25519PublicKey:
    """Parse a public key from text, with or without line breaks; raises NotAKey."""
    raw = _raw(text, PUBLIC, LATTICE_BYTES + CURVE_BYTES)
    try:
        lattice = MLKEM768PublicKey.from_public_bytes(raw[:LATTICE_BYTES])
        elliptic = X25519PublicKey.from_public_bytes(raw[LATTICE_BYTES:])
    except ValueError as error:
        raise NotAKey from error
    return hpke.MLKEM768X25519PublicKey(lattice, elliptic)


def private_key(text: str) -> hpke.MLKEM768X25519PrivateKey:
    """Parse a private key from a line of text; raises NotAKey."""
    raw = _raw(text, PRIVATE, SEED_BYTES + CURVE_BYTES)
    lattice = MLKEM768PrivateKey.from_seed_bytes(raw[:SEED_BYTES])
    return hpke.MLKEM768X25519PrivateKey(lattice, X25519PrivateKey.from_private_bytes(raw[SEED_BYTES:]))


def fingerprint(text: str) -> str:
    """Return what two people compare aloud to know that they mean the same public key: 6 groups of 4 hex digits."""
    digest = hashlib.sha256(_raw(text, PUBLIC, LATTICE_BYTES + CURVE_BYTES)).hexdigest()[:24]
    return " ".join(digest[at : at + 4] for at in range(0, 24, 4))


def one_line(text: str) -> str:
    """Return a pasted key without the spaces and line breaks that letters and screens add."""
    return "".join(text.split())


def _raw(text: str, prefix: str, length: int) -> bytes:
    line = one_line(text)
    if not line.startswith(prefix):
        raise NotAKey
    try:
        raw = b64decode(line.removeprefix(prefix), validate=True)
    except ValueError as error:
        raise NotAKey from error
    if len(raw) != length:
        raise NotAKey
    return raw
