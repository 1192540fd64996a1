"""Forgetting: marks and boxes of a person go, all at once; afterwards no key finds anything."""

from uuid import UUID

from models import Reporter
from server.reporters.finding import mine
from server.reporters.role import opened


async def forget(person_id: UUID) -> None:
    """Cut the tie between a person and every report of his; the reports themselves stay."""
    sent = await mine(person_id)
    async with opened():
        await Reporter.filter(observation_id__in=sent).delete()
