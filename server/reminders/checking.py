"""Checking before anybody is disturbed: whether the matter behind a reminder is still due."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from models import Reminder
from server.reminders.standing_down import settle
from server.reminders.subjects import Matter, kind_named


async def still_due(found: Iterable[Reminder], *, on: date) -> dict[UUID, Matter]:
    """Return the matter of each reminder that is still due; the others end here.

    A change that was made while the planner worked could not end a reminder that was not yet there.
    """
    by_kind: defaultdict[str, list[Reminder]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one)
    alive: dict[UUID, Matter] = {}
    for code, of_kind in by_kind.items():
        kind = kind_named(code)
        matters = await kind.still_due({one.subject_id for one in of_kind}, on) if kind else []
        due = {(one.subject_id, one.due_on, one.round): one for one in matters}
        for one in of_kind:
            if matter := due.get((one.subject_id, one.due_on, one.round)):
                alive[one.id] = matter
            else:
                await _end(one)
    return alive


async def _end(reminder: Reminder) -> None:
    others = Reminder.filter(subject_id=reminder.subject_id, ended_at=None).exclude(
        kind=reminder.kind, due_on=reminder.due_on
    )
    still = [(one.kind, one.due_on) for one in await others]
    await settle(reminder.subject_id, still=still, by=None, because="事项已不在办理中")
