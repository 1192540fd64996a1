"""Succession: a leaving holder converts their halves of every envelope at home; here they are put in place.

A successor is a new set of key holders in which one letter has another key. Each envelope is a unit of work of its
own, so an interrupted run continues with the rest. Nothing is opened, and no box leaves the server.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from models import Keyset, Observation
from server import journal
from server.gateways import escrow
from server.gateways.sealing import KeyRing
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.sealed import envelopes
from server.sealed.keysets import current
from server.sealed.opening import envelope_named_by_the_journal
from server.sealed.refusals import HandOverRefused

AT_ONCE = 200  # envelopes in one file


@dataclass(frozen=True)
class Leaving:
    """A leaving holder, the envelopes that still have their halves, and their current successor."""

    letter: str
    keyset: Keyset
    successor: Mapping[str, str]
    waiting: list[UUID]  # the reports

    @property
    def name(self) -> str:
        holder = self.keyset.holders[self.letter]
        return f"{holder['office']}{holder['name']}"


async def leavings() -> list[Leaving]:
    """Return the earlier holders who still have halves to hand on."""
    now = await current()
    if now is None:
        return []
    sets = {one.id: one for one in await Keyset.all()}
    waiting: dict[tuple[str, UUID], list[UUID]] = defaultdict(list)
    for report, keyset_id, handed_on in await envelopes.holders_of_each():
        for letter in escrow.HOLDERS:
            held_by = UUID(handed_on.get(letter, str(keyset_id)))
            if held_by in sets and sets[held_by].holders[letter]["key"] != now.holders[letter]["key"]:
                waiting[letter, held_by].append(report)
    return [
        Leaving(letter, sets[keyset_id], now.holders[letter], reports)
        for (letter, keyset_id), reports in sorted(waiting.items())
    ]


async def paper_for(letter: str, keyset_id: UUID, *, keys: KeyRing, by: Actor) -> bytes:
    """Return the file that a leaving holder takes home; raises NoSuchThing if they have nothing to hand on."""
    by.reaches(Permission.KEEP_KEYS)
    found = [one for one in await leavings() if (one.letter, one.keyset.id) == (letter, keyset_id)]
    if not found:
        raise NoSuchThing
    to = found[0].successor
    halves = [
        escrow.halves_of(await envelope_named_by_the_journal(report, keys=keys), holder=letter)
        for report in found[0].waiting[:AT_ONCE]
    ]
    paper = escrow.HandOver(
        letter=letter, successor=f"{to['office']}{to['name']}", successor_key=to["key"], halves=halves
    )
    return msgspec.json.encode(paper)


async def take_over(content: bytes, *, keys: KeyRing, by: Actor) -> int:
    """Store what a holder handed on and return how many were new; the same file again changes nothing.

    Raises HandOverRefused for any other file, and for one made for somebody other than the current holder.
    """
    by.reaches(Permission.KEEP_KEYS)
    try:
        paper = msgspec.json.decode(content, type=escrow.HandOver)
    except msgspec.MsgspecError as error:
        raise HandOverRefused from error
    now = await current()
    if (
        now is None
        or paper.letter not in now.holders
        or paper.successor_key != now.holders[paper.letter]["key"]
    ):
        raise HandOverRefused
    reports = await envelopes.reports_by_digest([one.digest for one in paper.halves])
    handed = 0
    for halves in paper.halves:
        if report := reports.get(halves.digest):
            await _put(report, halves, to=now, keys=keys, by=by)
            handed += 1
    return handed


@unit_of_work
async def _put(report: UUID, halves: escrow.Halves, *, to: Keyset, keys: KeyRing, by: Actor) -> None:
    envelope = await envelope_named_by_the_journal(report, keys=keys)
    try:
        handed = escrow.with_halves(envelope, halves)
    except escrow.EnvelopeBroken as error:
        raise HandOverRefused from error
    await envelopes.replace(report, handed, holder=halves.holder, keyset_id=to.id, keys=keys)
    observation = await Observation.get(id=report)
    told = {"holder": halves.holder, "envelope": handed.digest()}
    await journal.record("escrow.handed_on", observation, by=by.person, **told)
