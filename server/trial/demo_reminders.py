"""The demo world's reminders: those of the last days as the planner makes them, a substitute, one that was read."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from models import InboxMessage, Person, Reminder
from models.vocabulary import Role
from server import people, reminders
from server.kernel.clock import SHANGHAI, business_date
from server.notifications import inbox
from server.people import NewSubstitute

if TYPE_CHECKING:
    from server.trial.demo import World

DAYS = 7
MORNING = time(8)


async def remind(world: "World") -> None:
    """Plan the last days as if the planner had run on each; what nobody has read goes on once the worker runs."""
    today = business_date(world.now)
    for ago in range(DAYS, -1, -1):
        day = today - timedelta(days=ago)
        at = min(datetime.combine(day, MORNING, SHANGHAI), world.now)
        await reminders.plan_day(day, city_pack=world.tools.settings.city_pack, now=at)
    await _read_one(world)
    await _arrange_substitute(world)


async def _read_one(world: "World") -> None:
    """Let the person of the oldest reminder look at it."""
    oldest = await Reminder.filter(ended_at=None).order_by("told_at", "id").first()
    if oldest is None:
        return
    message = await InboxMessage.get(reminder_id=oldest.id)
    reader = await people.actor_as(await Person.get(id=oldest.person_id), on=business_date(world.now))
    await inbox.mark_read(reader, message.id, now=world.now, keys=world.tools.keys)


async def _arrange_substitute(world: "World") -> None:
    """Let one commissioner stand in for another of the city."""
    today = business_date(world.now)
    held = Person.filter(duties__role=Role.COMMISSIONER, is_active=True).distinct().order_by("designation")
    first, second = await held.limit(2)
    lead = await Person.filter(duties__role=Role.OFFICE_LEAD).order_by("designation").first()
    if lead is None:
        return
    by = await people.actor_as(lead, on=today)
    new = NewSubstitute(designation=second.designation, since_on=today)
    await people.arrange_substitute(first, new, by=by)
