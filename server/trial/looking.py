"""Checks ports and addresses of this machine."""

import random
import socket
import urllib.error
import urllib.request

from server.trial.obstacle import Obstacle

_PORTS = range(10_000, 32_768)  # below the range that usual systems give to outgoing connections
_held: list[socket.socket] = []


def check_port(port: int) -> None:
    """Raise Obstacle if nobody can serve on this port."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            advice = f"请换一个，例如 scripts/run --port {port + 1 if 1023 < port < 65535 else 8001}。"
            raise Obstacle(f"端口 {port} 用不了（可能已被占用），{advice}") from error


def is_free(port: int) -> bool:
    """Whether a server could use this port."""
    try:
        check_port(port)
    except Obstacle:
        return False
    return True


def free_port() -> int:
    """Return a free port that stays this program's to give while the program runs.

    A server that restarts may find its port given to an outgoing connection, or to itself by a client that tries
    again and again. The socket that holds the port never listens, so a server may bind beside it and nobody else may;
    the ports lie below the range that usual kernels give to outgoing connections.
    """
    return next(port for port in random.sample(_PORTS, len(_PORTS)) if _hold(port))


def _hold(port: int) -> bool:
    line = socket.socket()
    try:
        line.bind(("127.0.0.1", port))
    except OSError:
        line.close()
        return False
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # from now on a server may bind beside it
    _held.append(line)
    return True


def answers(url: str) -> bool:
    """Whether a server answers with a status below 500."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  always http on this machine
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
