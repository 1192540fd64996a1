"""Cases on the phones of units: read what the office releases and answer the office."""

from inspect import getdoc
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Case
from server import cases
from server.cases import CaseAction, CaseFilter
from server.cases.refusals import WrongCaseStep
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.door.photo_links import photo_links
from server.web.miniapp.cards import PhotoLink
from server.web.miniapp.case_cards import CaseCard, CasePage, case_card, case_line

blueprint = Blueprint("cases")


class CaseAnswered(Done):
    """A case that its unit took a step on."""

    case_id: UUID

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the current state of the case."""
        case = await cases.case_of_unit(actor_of(request), self.case_id)
        return answer(await _card(request, case), status=201)


@operation(
    blueprint,
    "GET",
    "/cases",
    summary="转办件列表",
    guard=phone(Permission.SEE_CASES),
    query=CaseFilter,
    answers={200: CasePage},
)
async def list_cases(request: Request, query: CaseFilter) -> HTTPResponse:
    """Return the cases released to this person's unit, the newest batch first."""
    found = await cases.page_of_unit(actor_of(request), query)
    page = found[: query.limit]
    cursor = page[-1].id if len(found) > query.limit else None
    return answer(CasePage([case_line(one) for one in page], cursor))


@operation(
    blueprint,
    "GET",
    "/cases/<case_id:uuid>",
    summary="转办件",
    guard=phone(Permission.SEE_CASES),
    answers={200: CaseCard},
)
async def see_case(request: Request, case_id: UUID) -> HTTPResponse:
    """Return a case: the office's summary, the pictures it released and the unit's answers."""
    case = await cases.case_of_unit(actor_of(request), case_id)
    return answer(await _card(request, case))


def case_action(action: CaseAction) -> None:
    """Declare an action: POST to a sub-resource of the case, done once under its key."""

    async def handle(request: Request, case_id: UUID, command: Struct) -> CaseAnswered:
        await action.verb(case_id, command, by=actor_of(request), now=tools_of(request).clock.now())
        return CaseAnswered(case_id)

    handle.__name__ = action.operation
    handle.__doc__ = (getdoc(action.verb) or "").partition("\n\n")[0]
    operation(
        blueprint,
        "POST",
        f"/cases/<case_id:uuid>/{action.noun}",
        summary=action.label,
        guard=phone(action.permission),
        body=action.command,
        answers={201: CaseCard},
        keyed=CaseAnswered,
        refusals=(WrongCaseStep, *action.refusals),
    )(handle)


for one in cases.ACTIONS:
    if one.operation:
        case_action(one)


async def _card(request: Request, case: Case) -> CaseCard:
    person = actor_of(request).person
    pictures = [
        [PhotoLink(*link) for link in photo_links(request, photo, subject_id=case.id, to=person)]
        for photo in await cases.pictures_of(case)
    ]
    return case_card(
        case,
        pictures=pictures,
        answers=await cases.answers_of(case),
        reported_by=await cases.named_reporters(case),
    )
