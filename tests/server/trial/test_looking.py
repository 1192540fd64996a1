"""Ports for servers that are stopped and started again."""

import socket
from pathlib import Path

from server.trial import looking

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_free_port_is_never_given_to_an_outgoing_connection_while_its_server_restarts():
    first = int(RANGE.read_text().split()[0]) if RANGE.exists() else 32_768
    assert max(looking.free_port() for _ in range(50)) < first


def test_a_port_somebody_listens_on_is_not_free():
    with socket.create_server(("127.0.0.1", looking.free_port())) as taken:
        assert not looking.is_free(taken.getsockname()[1])
