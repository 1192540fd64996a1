"""A person's own reminders and quiet hours."""

from dataclasses import dataclass
from uuid import UUID

from tortoise import connections

from models import Reminder, ReminderSetting
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.reminders.standing_down import acknowledge

DAY_MINUTES = 24 * 60
LEAST_OPEN = 120  # minutes a day in which the office may still reach a person
KEEP = """
INSERT INTO reminder_setting (id, person_id, quiet_from, quiet_until) VALUES (gen_random_uuid(), $1, $2::int, $3::int)
ON CONFLICT (person_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until
"""


class TooQuiet(Refusal):
    """The person's quiet hours leave no time in which reminders could arrive."""

    status = 422
    message_zh = "这样设置就收不到提醒了。"
    hint_zh = "请在早上7:30到晚上10:00之间，至少留出2小时可以收到提醒。"


@dataclass(frozen=True)
class OpenHours:
    """The city's hours in minutes of the day."""

    opens: int
    closes: int


async def open_reminders(actor: Actor, subject_id: UUID) -> list[Reminder]:
    """Return the actor's reminders of a matter that wait for an acknowledgement, newest first."""
    found = Reminder.filter(person_id=actor.person.id, subject_id=subject_id, ended_at=None)
    return await found.order_by("-told_at", "-id")


async def acknowledge_own(actor: Actor, reminder_id: UUID) -> None:
    """Acknowledge one of the actor's reminders; raises NoSuchThing for another's and a missing one alike."""
    if not await Reminder.exists(id=reminder_id, person_id=actor.person.id):
        raise NoSuchThing
    await acknowledge(reminder_id, by=actor.person.id)


async def setting_of(actor: Actor) -> ReminderSetting | None:
    """Return the actor's own setting, or None."""
    return await ReminderSetting.get_or_none(person_id=actor.person.id)


@unit_of_work
async def keep_quiet(actor: Actor, *, starts: int | None, ends: int | None, open_hours: OpenHours) -> None:
    """Set or clear the actor's quiet hours, which only narrow the city's; raises TooQuiet."""
    if (starts is None) != (ends is None) or (starts == ends and starts is not None):
        raise TooQuiet("免打扰时间要有开始和结束，而且不能相同。")
    if starts is not None and ends is not None and minutes_left(starts, ends, open_hours) < LEAST_OPEN:
        raise TooQuiet
    await connections.get("default").execute_query(KEEP, [actor.person.id, starts, ends])


def minutes_left(starts: int, ends: int, open_hours: OpenHours) -> int:
    """Return how many of the city's minutes a day the quiet hours leave. Pure."""
    quiet = {minute % DAY_MINUTES for minute in range(starts, ends if ends > starts else ends + DAY_MINUTES)}
    return sum(minute not in quiet for minute in range(open_hours.opens, open_hours.closes))
