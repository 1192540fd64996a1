"""Generous time limits for this process, because it shares the machine with other tests."""

from collections.abc import Iterator

import pytest

from models import config, safe_asyncpg, watching

SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Keep the tests' office from giving up on anything because the machine is busy.

    The real limits are tested on separate servers (tests/rig) and in tests/models/test_watching.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        for limit in config.LIMITS:
            patch.setitem(config.LIMITS, limit, str(SECONDS * 1000))
        for module, name in (
            (watching, "AWAY_SECONDS"),
            (watching, "CONNECT_SECONDS"),
            (safe_asyncpg, "CONNECT_SECONDS"),
            (safe_asyncpg, "POOL_WAIT_SECONDS"),
            (safe_asyncpg, "STATEMENT_SECONDS"),
        ):
            patch.setattr(module, name, float(SECONDS))
        yield
