"""What the hall's board shows: counts while people score, then the result as far as the host has revealed it.

Before the seal nothing here reads a score: there are only counts.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct
from tortoise import connections

from models import ScoreRound, SiteVisit, VisitBoard, VisitStop
from models.vocabulary import RoundState, VisitState
from server import scoring
from server.kernel.refusal import NoSuchThing
from server.scoring import RevealStep
from server.site_visits.rehearsing import rehearsal

PRESENT = """
SELECT s.id, s.name, count(c.id) AS present FROM visit_stop s
LEFT JOIN check_in c ON c.stop_id = s.id AND c.presence <> 'rejected'
WHERE s.visit_id = $1 GROUP BY s.id ORDER BY s.position
"""
PEOPLE = """
SELECT (SELECT count(*) FROM visit_observer WHERE visit_id = $1) AS invited,
    (SELECT count(DISTINCT c.observer_id) FROM check_in c JOIN visit_stop s ON s.id = c.stop_id
        WHERE s.visit_id = $1 AND c.presence <> 'rejected') AS present
"""
SEALED = (RoundState.SEALED, RoundState.PUBLISHED)


class BoardStop(Struct, frozen=True):
    """How many are at a stop, and how many have scored it, of how many who may."""

    name: str
    present: int
    submitted: int
    expected: int


class BoardPlace(Struct, frozen=True):
    """A revealed entry; without a score it has no place."""

    place: int | None
    name: str
    score: str | None
    is_newest: bool


class BoardCard(Struct, frozen=True, kw_only=True):
    """All that a board gets; what is not revealed yet is not in it."""

    version: int
    phase: str  # a RoundState, or "cancelled"
    is_rehearsal: bool
    is_black: bool
    title: str
    held_on: date
    invited: int
    present: int
    stops: list[BoardStop]
    fingerprint: str  # empty before the seal
    steps: int
    unrevealed: int  # entries
    revealed: list[BoardPlace]  # best first


class Frame(Struct, frozen=True):
    """A board's state, packed once for all who watch it."""

    version: int
    link_hash: str | None
    event: bytes


async def frame_of(visit_id: UUID) -> Frame:
    """Read a board and pack it as a server-sent event; raises NoSuchThing."""
    # The board is read first: whatever happens after it is announced again, with a newer version.
    board = await VisitBoard.get_or_none(visit_id=visit_id).select_related("visit")
    if board is None:
        raise NoSuchThing
    card = await _card(board, board.visit)
    event = b"id: %d\ndata: %s\n\n" % (board.version, msgspec.json.encode(card))
    return Frame(board.version, board.link_hash, event)


async def steps_of(board: VisitBoard) -> list[RevealStep]:
    """Return the steps the host goes through: those of the rehearsal, or of the sealed result, else none."""
    if board.is_rehearsal:
        return rehearsal(await VisitStop.filter(visit_id=board.visit_id).count())
    is_sealed = await ScoreRound.filter(id=board.visit_id, state__in=SEALED).exists()
    return await scoring.sealed_script(board.visit_id) if is_sealed else []


async def _card(board: VisitBoard, visit: SiteVisit) -> BoardCard:
    query = connections.get("default").execute_query_dict
    round_ = await ScoreRound.filter(id=visit.id).only("id", "state", "fingerprint").first()
    stops, (people,) = await query(PRESENT, [str(visit.id)]), await query(PEOPLE, [str(visit.id)])
    progress = {one.entry: one for one in await scoring.progress_by_entry(visit.id)}
    steps = await steps_of(board)
    revealed = _revealed(steps[: board.step], {str(row["id"]): row["name"] for row in stops})
    return BoardCard(
        version=board.version,
        phase=_phase(visit, round_),
        is_rehearsal=board.is_rehearsal,
        is_black=board.is_black,
        title=visit.title,
        held_on=visit.held_on,
        invited=people["invited"],
        present=people["present"],
        stops=[
            BoardStop(row["name"], row["present"], done.submitted, done.expected)
            for row in stops
            if (done := progress.get(row["id"]))
        ],
        fingerprint=round_.fingerprint if round_ else "",
        steps=len(steps),
        unrevealed=sum(len(step.results) for step in steps[board.step :]),
        revealed=revealed,
    )


def _phase(visit: SiteVisit, round_: ScoreRound | None) -> str:
    if round_ is None or visit.state is not VisitState.PUBLISHED:
        return VisitState.CANCELLED.value
    return round_.state.value


def _revealed(steps: Sequence[RevealStep], names: Mapping[str, str]) -> list[BoardPlace]:
    places = [
        BoardPlace(step.place, names.get(one.entry, one.entry), one.score, step is steps[-1])
        for step in steps
        for one in step.results
    ]
    return sorted(places, key=lambda one: (one.place is None, one.place))
