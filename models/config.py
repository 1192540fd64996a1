"""Tortoise's settings, one copy for server, worker, scripts and the migration tool."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

APP_ROLE = "duchatong_app"  # may not change the journal; created by the migrations
IDENTITY_ROLE = "duchatong_identities"  # alone reads who a person is; server/people/identities.py
REPORTER_ROLE = "duchatong_reporters"  # alone reads marks, boxes and salts; server/reporters
ENVELOPE_ROLE = "duchatong_envelopes"  # alone reads locked identities; server/sealed/envelopes.py
ENGINE = "models.safe_asyncpg"
# Milliseconds, from reliability-security §R4.9.
LIMITS = {
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
}
# Statements of a page are short: compiling one takes longer than running it. An index lies in memory or on a disk
# without a head, where any block costs what the next one does; else the planner reads whole tables instead.
PLANNING = {"jit": "off", "random_page_cost": "1.1"}


def database_credentials(url: str) -> dict[str, Any]:
    """Return credentials for asyncpg from a database URL; the folder of a unix socket comes as `?host=`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "host": query.get("host", [parts.hostname or "localhost"])[0],
        "port": parts.port or int(query.get("port", ["5432"])[0]),
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
    }


def tortoise_config(url: str, *, role: str | None = APP_ROLE, pool: int = 10) -> dict[str, Any]:
    """Return the settings for one process; each of its connections has the `LIMITS`."""
    settings = {"application_name": "duchatong", "timezone": "UTC", **PLANNING, **LIMITS}
    if role:
        settings["role"] = role
    credentials = database_credentials(url) | {"minsize": 1, "maxsize": pool, "server_settings": settings}
    return {
        "connections": {"default": {"engine": ENGINE, "credentials": credentials}},
        "apps": {
            "models": {
                "models": ["models"],
                "migrations": "models.migrations",
                "default_connection": "default",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


# Read by the `tortoise` command line; migrations run as the database's owner.
TORTOISE_ORM = tortoise_config(
    os.environ.get("DATABASE_URL", "postgresql://postgres@localhost/duchatong"), role=None, pool=2
)
