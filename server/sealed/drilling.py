"""Drills: each month two key holders show that they have their keys and that envelopes are sealed to these keys.

The envelope belongs to nobody, and holders submit a hash of random halves, which is worthless even if somebody
had slipped a real envelope's halves into the file.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from models import EscrowDrill, Keyset
from server import journal
from server.gateways import escrow
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.sealed.keysets import current
from server.sealed.refusals import AnswerRefused, NotOffered

EVERY = timedelta(days=31)
ENOUGH = 2


@unit_of_work
async def begin_drill(*, by: Actor, now: datetime) -> EscrowDrill:
    """Seal an envelope without identity to the current holders; raises NotOffered if there are none."""
    by.reaches(Permission.KEEP_KEYS)
    keyset = await current()
    if keyset is None:
        raise NotOffered
    public = {letter: holder["key"] for letter, holder in keyset.holders.items()}
    halves, expected = escrow.drill(holders=public, set_id=str(keyset.id))
    drill = await EscrowDrill.create(
        id=uuid4(),
        keyset_id=keyset.id,
        began_on=business_date(now),
        papers={letter: _paper(letter, one, business_date(now)) for letter, one in halves.items()},
        expected=expected,
        results={},
    )
    await journal.record("keyset.drill_began", keyset, by=by.person)
    return drill


async def drill_of(keyset: Keyset) -> EscrowDrill | None:
    """Return the newest drill of these holders, under way or over, or None."""
    return await EscrowDrill.filter(keyset_id=keyset.id).order_by("-began_on", "-id").first()


async def due_since(keyset: Keyset, *, today: date) -> date | None:
    """Return the day since which a drill is overdue, or None."""
    passed = (
        await EscrowDrill.filter(keyset_id=keyset.id, passed_on__isnull=False).order_by("-passed_on").first()
    )
    last = passed.passed_on if passed and passed.passed_on else business_date(keyset.since)
    return last + EVERY if today > last + EVERY else None


@unit_of_work
async def answer_drill(drill_id: UUID, *, letter: str, proof: str, by: Actor, now: datetime) -> EscrowDrill:
    """Submit a holder's proof to a drill and record whether it is right; two right ones pass the drill.

    Raises AnswerRefused for an unknown letter, and NoSuchThing.
    """
    by.reaches(Permission.KEEP_KEYS)
    drill = await EscrowDrill.filter(id=drill_id).select_for_update().first()
    if drill is None:
        raise NoSuchThing
    if letter not in drill.expected:
        raise AnswerRefused
    is_right = drill.expected[letter] == proof.strip().lower()
    drill.results = drill.results | {letter: is_right}
    if drill.passed_on is None and sum(drill.results.values()) >= ENOUGH:
        drill.passed_on = business_date(now)
    await drill.save(update_fields=["results", "passed_on"])
    keyset = await Keyset.get(id=drill.keyset_id)
    told = "keyset.drill_answered" if is_right else "keyset.drill_failed"
    await journal.record(told, keyset, by=by.person, holder=letter)
    return drill


def paper_of(drill: EscrowDrill, letter: str) -> bytes:
    """Return the file that a holder takes home; raises NoSuchThing."""
    if letter not in drill.papers:
        raise NoSuchThing
    return msgspec.json.encode(drill.papers[letter])


def _paper(letter: str, halves: escrow.Halves, day: date) -> Any:
    return msgspec.to_builtins(escrow.Drill(letter=letter, began_on=day.isoformat(), halves=halves))
