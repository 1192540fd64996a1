"""The next channel: who has not looked at a reminder in time gets it by the next way that reaches him.

Reminders for one person that become due together share one message, so that eight reminders cost one credit.
"""

from datetime import datetime, timedelta

from tortoise import connections

from models import Delivery, Reminder, ReminderSetting
from models.vocabulary import Channel, DeliveryFailure, DeliveryState, Urgency
from server import policies, reminders
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.notifications.channels.ways import ways
from server.notifications.channels.windows import OwnQuiet, next_free
from server.reminders.hours import WAITS
from server.tools import Tools

AT_ONCE = 100
WORTH = timedelta(days=3)  # after its first moment a message helps nobody
JOINED = """
SELECT id FROM delivery WHERE person_id = $1 AND channel = $2 AND state IN ('planned', 'held') AND claimed_at IS NULL
  AND due_at <= $3 FOR UPDATE SKIP LOCKED LIMIT 1
"""


async def advance(*, tools: Tools) -> int:
    """Plan the messages that are due by now; return how many reminders moved on. Safe to repeat and in parallel."""
    moved = 0
    while step := await _advance_some(tools=tools):
        moved += step
    return moved


@unit_of_work
async def _advance_some(*, tools: Tools) -> int:
    now = tools.clock.now()
    due = Reminder.filter(next_at__lte=now).order_by("next_at", "id").limit(AT_ONCE)
    found = await due.select_for_update(skip_locked=True)
    alive = await reminders.still_due(found, on=business_date(now))
    for one in found:
        if one.id in alive:
            await _next_way(one, tools=tools, now=now)
    return len(found)


async def _next_way(reminder: Reminder, *, tools: Tools, now: datetime) -> None:
    """Plan a reminder's next message by the first way that reaches its person, and when to look again."""
    for step, name in enumerate(reminder.channels):
        way = ways(tools).get(name)
        if step < reminder.step or way is None:
            continue
        if not await way.reaches(reminder.person_id, urgency=reminder.urgency, tools=tools):
            continue
        delivery = await _planned(reminder, way.channel, tools=tools, now=now)
        reminder.step = step + 1
        is_last = reminder.step == len(reminder.channels)
        reminder.next_at = None if is_last else delivery.due_at + WAITS[reminder.urgency]
        await reminder.save(update_fields=["step", "next_at"])
        return
    if reminder.channels and not await Delivery.filter(reminders__id=reminder.id).exists():
        await _unreachable(reminder, now=now)
    reminder.step, reminder.next_at = len(reminder.channels), None
    await reminder.save(update_fields=["step", "next_at"])


async def _planned(reminder: Reminder, channel: Channel, *, tools: Tools, now: datetime) -> Delivery:
    """Return the message that carries a reminder: one that still waits for the same person, or a new one."""
    known, own = await calendar(), await own_quiet(reminder)
    quiet = (await policies.in_force()).quiet_hours
    due_at = next_free(now, urgency=reminder.urgency, calendar=known, quiet=quiet, own=own)
    rows = await connections.get("default").execute_query_dict(JOINED, [reminder.person_id, channel, due_at])
    if rows:
        delivery = await Delivery.get(id=rows[0]["id"])
        if _worth(reminder.urgency) > _worth(delivery.urgency):
            delivery.urgency = reminder.urgency
            await delivery.save(update_fields=["urgency"])
    else:
        delivery = await Delivery.create(
            person_id=reminder.person_id,
            channel=channel,
            urgency=reminder.urgency,
            state=DeliveryState.HELD if due_at > now else DeliveryState.PLANNED,
            planned_at=now,
            due_at=due_at,
            until_at=due_at + WORTH,
            tries=[],
        )
    await delivery.reminders.add(reminder)
    return delivery


async def _unreachable(reminder: Reminder, *, now: datetime) -> None:
    """Put on the office's list that no channel reaches a person; the inbox has the reminder."""
    words = "没有可用的渠道：没有订阅次数，也没有登记其他联系方式"
    delivery = await Delivery.create(
        person_id=reminder.person_id,
        channel=next(one for one in Channel if one == reminder.channels[0]),
        urgency=reminder.urgency,
        state=DeliveryState.FAILED,
        failure=DeliveryFailure.NO_ADDRESS,
        planned_at=now,
        due_at=now,
        until_at=now,
        settled_at=now,
        tries=[{"at": now.isoformat(), "outcome": DeliveryFailure.NO_ADDRESS, "words": words}],
    )
    await delivery.reminders.add(reminder)


async def own_quiet(reminder: Reminder) -> OwnQuiet | None:
    """Return the person's own quiet hours, or None."""
    own = await ReminderSetting.get_or_none(person_id=reminder.person_id)
    return (
        OwnQuiet(own.quiet_from, own.quiet_until)
        if own and own.quiet_from is not None and own.quiet_until is not None
        else None
    )


def _worth(urgency: Urgency) -> int:
    return list(Urgency).index(urgency)
