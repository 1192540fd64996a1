"""公开实名: the designations of reporters who asked to be named; no other reporter is looked up."""

from collections.abc import Sequence

from models import Observation
from server import people, reporters
from server.observations.tiers import TIERS


async def names_shown(observations: Sequence[Observation]) -> list[str]:
    """Return the designations of those who reported under their name, each once, in alphabetical order."""
    named = [one.id for one in observations if TIERS[one.anonymity].name_shown]
    who = await reporters.reporters_of(named) if named else {}
    return sorted(set((await people.designations_of(who.values())).values()))
