"""The host's hand on the hall's board: its link, and the steps of the reveal (site-visits §4)."""

import hashlib
import secrets
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from models import SiteVisit, VisitBoard
from models.vocabulary import VisitState
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring import RevealStep
from server.site_visits import board
from server.site_visits.fetching import visit_run_by
from server.site_visits.refusals import BoardMovedOn, NothingToReveal, WrongVisitStep
from server.site_visits.showing import steps_of

LINK_BYTES = 16  # 22 letters
PODIUM = 3  # the places that are kept for the end


class BoardMove(StrEnum):
    """What the host can do with the board."""

    NEXT = "next"
    BACK = "back"
    TOP_THREE = "top_three"  # reveals everything below the third place
    ALL = "all"
    BLACK = "black"
    LIGHT = "light"
    REHEARSE = "rehearse"
    END_REHEARSAL = "end_rehearsal"


MOVE_WORDS = {
    BoardMove.NEXT: "揭晓下一步",
    BoardMove.BACK: "退回一步",
    BoardMove.TOP_THREE: "揭晓到前三名之前",
    BoardMove.ALL: "全部揭晓",
    BoardMove.BLACK: "黑屏",
    BoardMove.LIGHT: "恢复显示",
    BoardMove.REHEARSE: "开始排练",
    BoardMove.END_REHEARSAL: "结束排练",
}


class BoardControl(Struct, frozen=True, kw_only=True):
    """What the host sees of the board."""

    is_open: bool
    is_rehearsal: bool
    is_black: bool
    step: int
    steps: list[RevealStep]

    @property
    def next_words(self) -> str:
        """What the next step will show, without names."""
        if self.step >= len(self.steps):
            return ""
        coming = self.steps[self.step]
        many = f"，{len(coming.results)}个点位并列" if coming.place and len(coming.results) > 1 else ""
        return f"第{coming.place}名{many}" if coming.place else f"没有得分的{len(coming.results)}个点位"


def hash_of(link: str) -> str:
    """Return the stored form of a link: its SHA-256, which is enough for 128 random bits."""
    return hashlib.sha256(link.encode()).hexdigest()


async def visit_behind(link: str) -> SiteVisit:
    """Return the visit whose board a link opens; raises NoSuchThing."""
    found = await VisitBoard.get_or_none(link_hash=hash_of(link)).select_related("visit")
    if found is None:
        raise NoSuchThing
    return found.visit


async def board_of(visit_id: UUID, *, by: Actor) -> BoardControl:
    """Return the state of the board, for its host; raises NoSuchThing."""
    visit = await visit_run_by(by, visit_id)
    kept = await VisitBoard.get(visit_id=visit.id)
    return BoardControl(
        is_open=kept.link_hash is not None,
        is_rehearsal=kept.is_rehearsal,
        is_black=kept.is_black,
        step=kept.step,
        steps=await steps_of(kept),
    )


@unit_of_work
async def open_board(visit_id: UUID, *, by: Actor) -> str:
    """Return a new link to the board, which is not stored; an earlier link ends. Raises NoSuchThing, WrongVisitStep."""
    visit = await visit_run_by(by, visit_id)
    if visit.state is not VisitState.PUBLISHED:
        raise WrongVisitStep(state=visit.state)
    link = secrets.token_urlsafe(LINK_BYTES)
    await VisitBoard.filter(visit_id=visit.id).update(link_hash=hash_of(link))
    await board.bump(visit.id)
    await journal.record("site_visit.board_opened", visit, by=by.person)
    return link


@unit_of_work
async def revoke_board(visit_id: UUID, *, by: Actor) -> None:
    """End the board's link, and every screen that shows it; repeating it changes nothing."""
    visit = await visit_run_by(by, visit_id)
    if await VisitBoard.filter(visit_id=visit.id, link_hash__isnull=False).update(link_hash=None):
        await board.bump(visit.id)
        await journal.record("site_visit.board_revoked", visit, by=by.person)


@unit_of_work
async def move_board(visit_id: UUID, move: BoardMove, *, seen: int, by: Actor) -> None:
    """Move the board on from the step that the host saw; raises NoSuchThing, BoardMovedOn, NothingToReveal."""
    visit = await visit_run_by(by, visit_id)
    kept = await VisitBoard.select_for_update().get(visit_id=visit.id)
    if kept.step != seen:
        raise BoardMovedOn(step=kept.step)
    _move(kept, move, await steps_of(kept))
    await kept.save(update_fields=["step", "is_rehearsal", "is_black"])
    await board.bump(visit.id)
    told = {"move": MOVE_WORDS[move], "step": kept.step}
    await journal.record("site_visit.board_moved", visit, by=by.person, **told)


def _move(kept: VisitBoard, move: BoardMove, steps: list[RevealStep]) -> None:
    match move:
        case BoardMove.BLACK | BoardMove.LIGHT:
            kept.is_black = move is BoardMove.BLACK
        case BoardMove.REHEARSE if kept.step == 0:
            kept.is_rehearsal = True
        case BoardMove.END_REHEARSAL if kept.is_rehearsal:
            kept.is_rehearsal, kept.step = False, 0
        case BoardMove.BACK if kept.step > 0:
            kept.step -= 1
        case BoardMove.NEXT if kept.step < len(steps):
            kept.step += 1
        case BoardMove.TOP_THREE if steps:
            kept.step = max(kept.step, sum(one.place is None or one.place > PODIUM for one in steps))
        case BoardMove.ALL if steps:
            kept.step = len(steps)
        case _:
            raise NothingToReveal
