"""An HTTP client for servers on this machine."""

from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import httpx

NO_AUTHORITIES = SSLContext(PROTOCOL_TLS_CLIENT)


def loopback(**options: Any) -> httpx.AsyncClient:
    """Return a client for plain HTTP; loading the TLS authorities would take longer than most answers."""
    return httpx.AsyncClient(trust_env=False, verify=NO_AUTHORITIES, **options)
