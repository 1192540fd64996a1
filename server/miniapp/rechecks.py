"""The spot re-check: who saw a matter first looks once more after its close-out."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from server import ledger, observations
from server.door.arriving import tools_of
from server.door.guards import phone
from server.door.operations import answer, operation, visitor_of
from server.ledger.refusals import RecheckOver
from server.miniapp.ledger_cards import RecheckCard
from server.miniapp.ledger_commands import RecheckReply
from server.people import Act

blueprint = Blueprint("rechecks")


@operation(
    blueprint,
    "PUT",
    "/observations/<client_id:uuid>/recheck",
    summary="回访：解决了吗",
    guard=phone(Act.SUBMIT_OBSERVATION),
    body=RecheckReply,
    answers={200: RecheckCard},
    refusals=(RecheckOver,),
)
async def answer_item_recheck(request: Request, client_id: UUID, command: RecheckReply) -> HTTPResponse:
    """One tap after close-out: solved or not; the same answer again is the same."""
    observation = await observations.own_observation(visitor_of(request), client_id)
    told = await ledger.answer_recheck(
        observation.id,
        answer=command.answer,
        text=command.text,
        now=tools_of(request).clock.now(),
    )
    words = "谢谢您的确认。" if command.answer == "solved" else "已转改革办复核，结果会在这里告诉您。"
    return answer(RecheckCard(told.until_on, told.answer, words))
