"""The database's own lock before marks, boxes and salts: a role that this room alone takes (decision 0006)."""

from contextlib import AbstractAsyncContextManager

from models.config import REPORTER_ROLE
from server.kernel.unit_of_work import in_role


def opened() -> AbstractAsyncContextManager[None]:
    """Only here the database lets anybody find reporters; it lets nothing else be read meanwhile. Never nested."""
    return in_role(REPORTER_ROLE)
