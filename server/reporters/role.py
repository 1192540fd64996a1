"""The database role that protects marks, boxes and salts, and that only this package takes (decision 0006)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from models.config import REPORTER_ROLE
from server.kernel.unit_of_work import in_role

_is_open: ContextVar[bool] = ContextVar("reporters_opened", default=False)


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    """Switch to the role that may find reporters and can read nothing else; inside itself it changes nothing."""
    if _is_open.get():
        yield
        return
    token = _is_open.set(True)
    try:
        async with in_role(REPORTER_ROLE):
            yield
    finally:
        _is_open.reset(token)
