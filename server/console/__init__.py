"""The counter for the office: pages in a browser."""

from typing import Any

from sanic import Sanic


def attach(app: Sanic[Any, Any]) -> None:
    """Put the console's pages on the server."""
