"""Lawful erasure: deletes a row and the salts that could open the digests of its content (decision 0020)."""

from collections.abc import Iterable
from uuid import UUID

from tortoise import connections
from tortoise.models import Model

ERASE = "SELECT ledger.erase($1, $2::uuid[], $3)"


async def erase(rows: Iterable[Model], *, because: str) -> None:
    """Delete rows of covered tables for good; the digests stay, harmless, and the ledger still verifies.

    Call it inside a unit of work that records the reason. Verifiers see `because`; it must name nobody.
    """
    gone: dict[str, list[UUID]] = {}
    for row in rows:
        await row.delete()
        gone.setdefault(row._meta.db_table, []).append(row.pk)
    for table, keys in gone.items():
        await connections.get("default").execute_query(ERASE, [table, keys, because])
