"""Publishes the rules of a round: a snapshot with its digest, and the entries with their time windows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import Ballot, Organisation, ScoreEntry, ScoreRound
from models.vocabulary import RoundState
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.scoring.fetching import alone_with, round_run_by
from server.scoring.refusals import BadWindow, NoReason, RulesInUse
from server.scoring.round_keys import make_key
from server.scoring.rules import Rules, snapshot_of
from server.tools import Tools

GRACE = timedelta(hours=24)  # for ballots written in time without network


class NewEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is scored; times have an offset. The package that owns the entry chooses `id`."""

    id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    opens_at: datetime
    closes_at: datetime
    unit_id: UUID | None = None
    is_mandatory: bool = True


class NewRound(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A round as its organiser publishes it; `locks_at` defaults to a day after the last window."""

    id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    rules: Rules
    entries: Annotated[list[NewEntry], Meta(min_length=1, max_length=60)]
    locks_at: datetime | None = None


async def publish_rules(new: NewRound, *, by: Actor, tools: Tools) -> ScoreRound:
    """Open a round under published rules. The same id and rules again return the same round.

    Raises BadRules, BadWindow, and WrongRoundStep if another round has this id.
    """
    await make_key(new.id, tools=tools)  # before anybody can score
    return await _publish(new, by=by)


@unit_of_work
async def change_rules(round_id: UUID, *, rules: Rules, reason: str, by: Actor) -> ScoreRound:
    """Publish a new version of the rules, with a reason; raises RulesInUse once a ballot exists, NoReason, BadRules.

    Callers with stricter conditions, such as that nobody has checked in yet, check them first.
    """
    await round_run_by(by, round_id)
    if not reason.strip():
        raise NoReason
    found = await alone_with(round_id, RoundState.OPEN)
    if await Ballot.filter(round_id=round_id).exists():
        raise RulesInUse
    found.rules, found.rule_digest = snapshot_of(rules)
    found.rules_version += 1
    await found.save(update_fields=["rules", "rule_digest", "rules_version"])
    told = {"digest": found.rule_digest, "version": found.rules_version, "reason": reason}
    await journal.record("score_round.rules_changed", found, by=by.person, **told)
    return found


@unit_of_work
async def _publish(new: NewRound, *, by: Actor) -> ScoreRound:
    organisation = await organiser_of(by)
    kept, digest = snapshot_of(new.rules)
    existing = await ScoreRound.get_or_none(id=new.id)
    if existing:
        found = await round_run_by(by, existing.id)
        if found.rule_digest != digest:
            raise RulesInUse
        return found
    found = await ScoreRound.create(
        id=new.id,
        organisation=organisation,
        name=new.name,
        state=RoundState.OPEN,
        rules=kept,
        rule_digest=digest,
        locks_at=_lock_time(new),
    )
    await ScoreEntry.bulk_create(_entries(new))
    told = {"name": found.name, "digest": digest, "entries": len(new.entries)}
    await journal.record("score_round.opened", found, by=by.person, **told)
    return found


async def organiser_of(by: Actor) -> Organisation:
    """Return the organisation for which the actor runs scoring; raises NoSuchThing."""
    own = [reach.organisation_id for reach in by.reaches(Permission.RUN_SCORING) if reach.organisation_id]
    found = await Organisation.get_or_none(id=own[0]) if own else None
    if found is None:
        raise NoSuchThing
    return found


def _lock_time(new: NewRound) -> datetime:
    if any(entry.opens_at >= entry.closes_at for entry in new.entries):
        raise BadWindow
    last = max(entry.closes_at for entry in new.entries)
    if new.locks_at is not None and new.locks_at < last:
        raise BadWindow
    return new.locks_at or last + GRACE


def _entries(new: NewRound) -> Sequence[ScoreEntry]:
    return [
        ScoreEntry(
            id=entry.id,
            round_id=new.id,
            position=position,
            name=entry.name,
            unit_id=entry.unit_id,
            is_mandatory=entry.is_mandatory,
            opens_at=entry.opens_at,
            closes_at=entry.closes_at,
        )
        for position, entry in enumerate(new.entries, start=1)
    ]
