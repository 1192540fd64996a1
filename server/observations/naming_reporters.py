"""公开实名: what a reporter is called, where he wished that it be shown; of everybody else nothing is asked."""

from collections.abc import Sequence

from models import Observation
from server import people, reporters
from server.observations.tiers import TIERS


async def names_shown(observations: Sequence[Observation]) -> list[str]:
    """The designations of those who reported under their name, each once, in the order of the alphabet."""
    named = [one.id for one in observations if TIERS[one.anonymity].name_shown]
    who = await reporters.reporters_of(named) if named else {}
    return sorted(set((await people.designations_of(who.values())).values()))
