"""Answering the checklist on site: in any order, at any time and distance; place is evidence but no barrier (V2)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta, Struct

from models import ChecklistAnswer, ChecklistQuestion, Mission, MissionStop
from models.vocabulary import Datum, QuestionKind
from server import journal, photos
from server.kernel.places import Position, distance_m, grade
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations import Place
from server.people import Actor
from server.photos import AnnouncedPhoto
from server.team.reading import mission_gone_on_by
from server.team.refusals import AnswerIncomplete, NotAccepted
from server.team.states import ANSWERED_IN, MACHINE

SUBJECT = "checklist_answer"


class GivenAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """The finding: passed or not, a number, or words, depending on the kind of question; photos by digest."""

    passed: bool | None = None
    number: float | None = None
    text: Annotated[str, Meta(max_length=200)] = ""
    photos: Annotated[list[AnnouncedPhoto], Meta(max_length=3)] = []
    place: Place | None = None


@dataclass(frozen=True)
class Answered:
    """An answer as it now stands, and the digests of photos still missing."""

    answer: ChecklistAnswer
    missing: list[str]


@unit_of_work
async def answer_question(
    mission_id: UUID, question_id: UUID, *, given: GivenAnswer, by: Actor, now: datetime
) -> Answered:
    """Answer a question of an accepted mission; a later answer replaces it, the same one changes nothing.

    Raises NotAccepted, AnswerIncomplete, WrongStep, NoSuchThing.
    """
    mission, place = await mission_gone_on_by(by, mission_id)
    if place.accepted_at is None:
        raise NotAccepted
    MACHINE.check_state(mission, ANSWERED_IN)
    question = await _lock(question_id, mission=mission)
    check_complete(question, given)
    earlier = await ChecklistAnswer.get_or_none(question_id=question.id)
    digest = hashlib.sha256(msgspec.json.encode(given, order="sorted")).hexdigest()
    if earlier and earlier.body_digest == digest:
        return Answered(earlier, await photos.missing(earlier.id))

    answer = earlier or ChecklistAnswer(id=uuid4(), question=question, mission=mission)
    answer.update_from_dict(_described(given, stop=await question.stop))
    answer.by, answer.body_digest, answer.answered_at, answer.dismissed_because = by.person, digest, now, ""
    await answer.save(force_create=earlier is None)
    missing = await photos.announce(
        given.photos, subject_kind=SUBJECT, subject_id=answer.id, by=by.person, now=now
    )
    found = {None: "已填写", True: "合格", False: "不合格"}[given.passed]
    await journal.record("checklist_answer.given", answer, by=by.person, point=question.text, found=found)
    return Answered(answer, missing)


def check_complete(question: ChecklistQuestion, given: GivenAnswer) -> None:
    """Raise AnswerIncomplete naming what is missing or does not belong. Pure."""
    missing = {
        QuestionKind.PASS_FAIL: given.passed is None and "请选择合格或不合格。",
        QuestionKind.NUMBER: given.number is None and "请填写数值。",
        QuestionKind.TEXT: not given.text.strip() and "请填写文字。",
    }[question.kind]
    if not missing and given.passed is not None and question.kind is not QuestionKind.PASS_FAIL:
        missing = "这一项不分合格与不合格。"
    if not missing and question.needs_photo and not given.photos:
        missing = "请拍一张照片。"
    if missing:
        raise AnswerIncomplete(missing)


async def _lock(question_id: UUID, *, mission: Mission) -> ChecklistQuestion:
    """Lock a question, so that two phones answer it one after the other."""
    asked = ChecklistQuestion.filter(id=question_id, stop__mission_id=mission.id)
    if not await asked.exists():
        raise NoSuchThing
    return await ChecklistQuestion.select_for_update().get(id=question_id)


def _described(given: GivenAnswer, *, stop: MissionStop) -> dict[str, Any]:
    away = _distance_m(given.place, stop)
    return {
        "passed": given.passed,
        "number": given.number,
        "text": given.text,
        "place_grade": grade(
            accuracy_m=given.place.accuracy_m if given.place else None,
            distance_to_site_m=away,
            fence_m=stop.fence_m,
            located=given.place is not None,
        ),
        "distance_m": None if away is None else round(away),
    }


def _distance_m(place: Place | None, stop: MissionStop) -> float | None:
    if place is None or stop.wgs_latitude is None or stop.wgs_longitude is None:
        return None
    there = Position(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84)
    return distance_m(Position(place.latitude, place.longitude, place.datum), there)
