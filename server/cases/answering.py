"""A unit answers the office, and the office tells the reporter in its own words; unit and reporter never meet."""

from datetime import datetime
from uuid import UUID, uuid4

from models import Case, CaseAnswer
from server import journal, observations
from server.cases.commands import AnswerCase, ForwardAnswer
from server.cases.reading import case_of_office, case_of_unit, reports_behind
from server.cases.states import MACHINE
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission


@unit_of_work
async def answer(case_id: UUID, command: AnswerCase, *, by: Actor, now: datetime) -> CaseAnswer:
    """Answer a released case to the office; repeating the same answer changes nothing."""
    await case_of_unit(by, case_id, permission=Permission.ANSWER_CASES)
    case = await Case.select_for_update().get(id=case_id)
    waiting = await _waiting(case)
    if waiting and (waiting.by_id, waiting.text) == (by.person.id, command.text):
        return waiting
    MACHINE.check_step(case, "answer")
    given = await CaseAnswer.create(id=uuid4(), case=case, by=by.person, text=command.text, answered_at=now)
    await _enter(case, "answer")
    await journal.record("case.answered", case, by=by.person)
    return given


@unit_of_work
async def forward_answer(case_id: UUID, command: ForwardAnswer, *, by: Actor, now: datetime) -> CaseAnswer:
    """Tell the reporter what the unit answered, in the office's words, in the thread under their report."""
    await case_of_office(by, case_id)
    case = await Case.select_for_update().get(id=case_id)
    MACHINE.check_step(case, "forward")
    given = await CaseAnswer.get(case_id=case.id, forwarded_at=None)
    given.forwarded_words, given.forwarded_by, given.forwarded_at = command.words, by.person, now
    await given.save()
    for report in await reports_behind(case.item_id):
        await observations.say_as_office(report.id, text=command.words, by=by, now=now)
    await _enter(case, "forward")
    await journal.record("case.answer_forwarded", case, by=by.person, words=command.words)
    return given


async def _waiting(case: Case) -> CaseAnswer | None:
    return await CaseAnswer.get_or_none(case_id=case.id, forwarded_at=None)


async def _enter(case: Case, step: str) -> None:
    MACHINE.take(case, step)
    await case.save(update_fields=["state"])
