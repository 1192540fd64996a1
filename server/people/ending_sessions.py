"""Ending all sessions of a person, by somebody who manages people."""

from datetime import datetime

from models import Person
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.people.sessions import revoke_all


@unit_of_work
async def end_sessions(person: Person, *, by: Person, now: datetime) -> int:
    """Sign a person out everywhere at once and return how many sessions ended."""
    ended = await revoke_all(person, now=now)
    await journal.record("person.sessions_ended", person, by=by, sessions=ended)
    return ended
