"""Scoring a stop: by people who are there, under the round's rules (VIS-04). No journal entry, no row of a person."""

from datetime import datetime
from uuid import UUID

from models import CheckIn
from models.vocabulary import BallotState, Presence
from server import scoring
from server.people import Actor
from server.scoring import Receipt, SaveBallot
from server.site_visits import board
from server.site_visits.fetching import observer_in, stop_in
from server.site_visits.refusals import NotYetCheckedIn
from server.tools import Tools


async def score_stop(
    visit_id: UUID,
    stop_id: UUID,
    ballot: SaveBallot,
    *,
    by: Actor,
    now: datetime,
    tools: Tools,
    device: str = "",
) -> Receipt:
    """Save an observer's ballot at a stop; the board counts first submissions afterwards, separately.

    Raises NoSuchThing, NotYetCheckedIn, and the round's refusals, such as Locked and VersionBehind.
    """
    observer = await observer_in(by, visit_id)
    stop = await stop_in(visit_id, stop_id)
    if observer.visit.needs_check_in and not await _is_there(stop.id, observer.id):
        raise NotYetCheckedIn
    receipt = await scoring.save_ballot(visit_id, stop_id, ballot, by=by, now=now, tools=tools, device=device)
    if receipt.state is BallotState.SUBMITTED:
        board.bump_for_ballots(visit_id)
    return receipt


async def _is_there(stop_id: UUID, observer_id: UUID) -> bool:
    found = CheckIn.filter(stop_id=stop_id, observer_id=observer_id)
    return await found.exclude(presence=Presence.REJECTED).exists()
