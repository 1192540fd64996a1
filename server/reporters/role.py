"""The database role that protects marks, boxes and salts, and that only this package takes (decision 0006)."""

from contextlib import AbstractAsyncContextManager

from models.config import REPORTER_ROLE
from server.kernel.unit_of_work import in_role


def opened() -> AbstractAsyncContextManager[None]:
    """Switch to the role that may find reporters; meanwhile it can read nothing else. Never nested."""
    return in_role(REPORTER_ROLE)
