"""Proposing problems: each failed answer is a draft for an organiser's bank, which takes it in or dismisses it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import ChecklistAnswer, Mission, Problem, ProblemSource
from models.vocabulary import Datum, ProblemSourceKind
from server import journal, problems
from server.kernel.places import Position
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.people.reaching import within
from server.problems import NewProblem, Source
from server.team.refusals import NoProposal

TITLE = 60


@dataclass(frozen=True)
class Proposal:
    """A failed answer with the problem it would become, with place and words already filled in."""

    answer: ChecklistAnswer
    draft: NewProblem
    at: Position | None


async def proposals(actor: Actor, *, mission_id: UUID | None = None) -> list[Proposal]:
    """Return the failed answers of the organisers' missions that nobody has dealt with yet, oldest first."""
    found = _waiting(actor)
    if mission_id:
        found = found.filter(mission_id=mission_id)
    answers = await found.order_by("answered_at", "id").select_related("question__stop")
    return [await _proposal(one) for one in answers]


@unit_of_work
async def take_in_proposal(
    answer_id: UUID, *, by: Actor, now: datetime, new: NewProblem | None = None
) -> Problem:
    """Take a failed answer into the actor's own bank, as proposed or in other words; raises NoProposal."""
    proposal = await _take(answer_id, by=by)
    return await problems.take_in(
        new or proposal.draft,
        sources=[Source(ProblemSourceKind.CHECKLIST_ANSWER, answer_id)],
        at=proposal.at,
        fetched=[answer_id],
        by=by,
        now=now,
    )


@unit_of_work
async def dismiss_proposal(answer_id: UUID, *, because: str, by: Actor) -> ChecklistAnswer:
    """Dismiss a failed answer without a problem, with a reason that is kept."""
    answer = (await _take(answer_id, by=by)).answer
    answer.dismissed_because = because
    await answer.save(update_fields=["dismissed_because"])
    await journal.record("checklist_answer.dismissed", answer, by=by.person, reason=because)
    return answer


def _waiting(actor: Actor) -> QuerySet[ChecklistAnswer]:
    taken = ProblemSource.filter(kind=ProblemSourceKind.CHECKLIST_ANSWER, source_id__isnull=False)
    return (
        _organised(actor)
        .filter(passed=False, dismissed_because="")
        .exclude(id__in=Subquery(taken.values("source_id")))
    )


def _organised(actor: Actor) -> QuerySet[ChecklistAnswer]:
    missions = Mission.filter(within(actor, Permission.PLAN_MISSIONS, "organisation", "partner"))
    return ChecklistAnswer.filter(mission_id__in=Subquery(missions.values("id")))


async def _take(answer_id: UUID, *, by: Actor) -> Proposal:
    """Return the proposal with its answer locked, so that it becomes only one problem."""
    if not await _organised(by).filter(id=answer_id).exists():
        raise NoSuchThing
    await ChecklistAnswer.select_for_update().get(id=answer_id)
    waiting = await _waiting(by).filter(id=answer_id).select_related("question__stop").first()
    if waiting is None:
        raise NoProposal
    return await _proposal(waiting)


async def _proposal(answer: ChecklistAnswer) -> Proposal:
    stop = answer.question.stop
    mission = await Mission.get(id=answer.mission_id).prefetch_related("tasks")
    tasks = list(mission.tasks)
    draft = NewProblem(
        title=f"{stop.place_name}：{answer.question.text}"[:TITLE],
        summary=answer.text,
        place_name=stop.place_name,
        task_id=tasks[0].id if len(tasks) == 1 and tasks[0].is_current else None,
    )
    at = None
    if stop.wgs_latitude is not None and stop.wgs_longitude is not None:
        at = Position(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84)
    return Proposal(answer, draft, at)
