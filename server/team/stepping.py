"""Taking a step on a mission: check organiser, version and legality under a lock, then save and journal it."""

from typing import Any
from uuid import UUID

from models import Mission
from server import journal
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission
from server.people.reaching import within
from server.team.reminding import settle_reminders
from server.team.states import MACHINE


async def lock_for_step(mission_id: UUID, step: str, *, version: int, by: Actor) -> Mission:
    """Return the mission, locked for a step of its organisers; raises NoSuchThing, StaleItem or WrongStep."""
    organised = within(by, Permission.PLAN_MISSIONS, "organisation", "partner")
    if not await Mission.filter(organised, id=mission_id).exists():
        raise NoSuchThing
    mission = await Mission.select_for_update().get(id=mission_id)
    MACHINE.check_version(mission, version)
    MACHINE.check_step(mission, step)
    return mission


async def transition(mission: Mission, step: str, *, event: str, by: Actor, **detail: Any) -> Mission:
    """Take the step that the table names, with the journal entry `mission.<event>`."""
    MACHINE.take(mission, step)
    mission.version += 1
    await mission.save()
    await settle_reminders(mission, event, by=by.person.id)
    await journal.record(f"mission.{event}", mission, by=by.person, **detail)
    return mission
