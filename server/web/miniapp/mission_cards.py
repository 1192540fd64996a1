"""Missions as their members see them; one card holds the whole route, so that it works offline."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from models import ChecklistAnswer, ChecklistQuestion, Mission, MissionMember, MissionStop
from models.vocabulary import Datum, MissionState, PlaceGrade, QuestionKind
from server.kernel.places import Position, to_gcj02
from server.team import Progress
from server.web.miniapp.ledger_cards import TaskLine, task_line


class MissionLine(Struct):
    """A mission in its member's list."""

    id: UUID
    title: str
    planned_on: date
    organisation: str
    partner: str | None
    state: MissionState
    state_label: str
    is_accepted: bool
    words: str


class MissionList(Struct):
    """A page of the person's missions, the latest day first; pass `cursor` to get the next one."""

    items: list[MissionLine]
    cursor: UUID | None


class StopPlace(Struct):
    """The position of a stop, in the datum that phone maps use."""

    latitude: float
    longitude: float
    datum: Datum


class AnswerCard(Struct):
    """An answer to a checklist question; `missing` lists the digests of photos that have not arrived."""

    passed: bool | None
    number: float | None
    text: str
    place_grade: PlaceGrade
    distance_m: int | None
    is_mine: bool
    missing: list[str]


class QuestionCard(Struct):
    """A checklist question and what was found."""

    id: UUID
    text: str
    kind: QuestionKind
    needs_photo: bool
    answer: AnswerCard | None


class StopCard(Struct):
    """A place on the route with its checklist."""

    id: UUID
    place_name: str
    where: StopPlace | None
    fence_m: int
    questions: list[QuestionCard]


class MissionCard(Struct):
    """A complete mission."""

    line: MissionLine
    brief: str
    tasks: list[TaskLine]
    stops: list[StopCard]
    members: list[str]
    summary: str


class Answered(Struct):
    """Confirms that an answer is stored; a failed check is proposed to the organisers as a problem."""

    answer: AnswerCard
    proposes_problem: bool
    words: str


def mission_line(mission: Mission, place: MissionMember, *, progress: Progress) -> MissionLine:
    """Return a mission as a line; its organisations must be loaded."""
    return MissionLine(
        id=mission.id,
        title=mission.title,
        planned_on=mission.planned_on,
        organisation=mission.organisation.short_name,
        partner=mission.partner.short_name if mission.partner else None,
        state=mission.state,
        state_label=mission.state.label,
        is_accepted=place.accepted_at is not None,
        words=progress.words,
    )


def mission_card(
    mission: Mission,
    *,
    line: MissionLine,
    route: list[MissionStop],
    sent: list[MissionMember],
    answers: dict[UUID, AnswerCard],
) -> MissionCard:
    """Return the complete mission as a card."""
    return MissionCard(
        line=line,
        brief=mission.brief,
        tasks=[task_line(task) for task in mission.tasks],
        stops=[_stop_card(stop, answers) for stop in route],
        members=[one.member.person.designation for one in sent],
        summary=mission.summary,
    )


def answer_card(answer: ChecklistAnswer, *, person_id: UUID, missing: list[str]) -> AnswerCard:
    """Return an answer as a card."""
    return AnswerCard(
        passed=answer.passed,
        number=answer.number,
        text=answer.text,
        place_grade=answer.place_grade,
        distance_m=answer.distance_m,
        is_mine=answer.by_id == person_id,
        missing=missing,
    )


def _stop_card(stop: MissionStop, answers: dict[UUID, AnswerCard]) -> StopCard:
    return StopCard(
        id=stop.id,
        place_name=stop.place_name,
        where=_where(stop),
        fence_m=stop.fence_m,
        questions=[_question_card(one, answers.get(one.id)) for one in stop.questions],
    )


def _question_card(question: ChecklistQuestion, answer: AnswerCard | None) -> QuestionCard:
    return QuestionCard(question.id, question.text, question.kind, question.needs_photo, answer)


def _where(stop: MissionStop) -> StopPlace | None:
    if stop.wgs_latitude is None or stop.wgs_longitude is None:
        return None
    here = to_gcj02(Position(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84))
    return StopPlace(round(here.latitude, 6), round(here.longitude, 6), here.datum)
