"""The token of a preview: opaque, stored only as a hash."""

import secrets
from hashlib import sha256


def new_token(*, base_version: int) -> str:
    """Return a token that also carries the version its preview was compared with."""
    return f"{base_version}.{secrets.token_urlsafe(24)}"


def token_hash(token: str) -> str:
    """Return the stored form of a token: SHA-256 in hex."""
    return sha256(token.encode()).hexdigest()


def base_version_of(token: str) -> int:
    """Return the version a token carries; trusted only after its hash was found."""
    return int(token.partition(".")[0])
