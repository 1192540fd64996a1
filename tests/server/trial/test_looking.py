"""Ports for servers that are stopped and started again."""

import socket

import pytest

from server.trial import looking


def test_a_server_restarts_on_its_port_as_often_as_it_likes():
    for port in [looking.free_port() for _ in range(50)]:
        with socket.create_server(("127.0.0.1", port)) as server:
            assert server.getsockname()[1] == port
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_a_port_that_was_given_is_nobody_elses_even_while_its_server_is_down():
    port = looking.free_port()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))  # as an outgoing connection is bound


def test_a_port_somebody_listens_on_is_not_free():
    with socket.create_server(("127.0.0.1", looking.free_port())) as taken:
        assert not looking.is_free(taken.getsockname()[1])
