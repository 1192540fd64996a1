"""Forgetting: a person's marks and boxes are deleted at once; afterwards no key finds anything."""

from uuid import UUID

from models import Reporter
from server.reporters.finding import mine
from server.reporters.role import opened


async def forget(person_id: UUID) -> None:
    """Cut the link between a person and all of their reports; the reports themselves stay."""
    sent = await mine(person_id)
    async with opened():
        await Reporter.filter(observation_id__in=sent).delete()
