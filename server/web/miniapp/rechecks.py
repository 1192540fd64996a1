"""The spot re-check: after close-out, the first reporter of a matter looks once more."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from server import observations
from server.ledger.commands import RecheckWithPhotos
from server.ledger.refusals import RecheckNeedsWords, RecheckOver
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.ledger_cards import RecheckCard

blueprint = Blueprint("rechecks")


@operation(
    blueprint,
    "PUT",
    "/observations/<client_id:uuid>/recheck",
    summary="回访：解决了吗",
    guard=phone(Permission.SUBMIT_OBSERVATION),
    body=RecheckWithPhotos,
    answers={200: RecheckCard},
    refusals=(RecheckOver, RecheckNeedsWords),
)
async def answer_item_recheck(request: Request, client_id: UUID, command: RecheckWithPhotos) -> HTTPResponse:
    """Answer whether the matter is solved after close-out, with words and photos; repeating it changes nothing."""
    done = await observations.answer_recheck(
        client_id,
        answer=command.answer,
        text=command.text,
        pictures=command.photos,
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    words = "谢谢您的确认。" if command.answer == "solved" else "已转改革办复核，结果会在这里告诉您。"
    return answer(RecheckCard(done.told.until_on, done.told.answer, words, done.missing))
