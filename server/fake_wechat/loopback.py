"""Asking a server on this very machine."""

from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import httpx

NO_AUTHORITIES = SSLContext(PROTOCOL_TLS_CLIENT)


def loopback(**options: Any) -> httpx.AsyncClient:
    """A client for plain HTTP; reading the authorities of TLS would take longer than most answers."""
    return httpx.AsyncClient(trust_env=False, verify=NO_AUTHORITIES, **options)
