"""Developing: the photos of checklist answers, marked with the stop's name."""

from uuid import UUID

from models import ChecklistAnswer, ManifestLine, Photo
from server import photos
from server.team.answering import SUBJECT
from server.tools import Tools


async def develop_answer(answer_id: UUID, *, tools: Tools) -> None:
    """Make what is missing of the renditions of an answer's photos; safe to repeat."""
    found = ChecklistAnswer.filter(id=answer_id).select_related("question__stop")
    answer = await found.first()
    if answer is None:
        return
    place = answer.question.stop.place_name
    subject = photos.Subject(id=answer.id, kind="mission", told_as=answer.mission_id, place=place)
    await photos.develop(subject, tools=tools)


async def answers_naming(photo: Photo) -> list[UUID]:
    """The answers whose manifests name a photo of its owner."""
    lines = ManifestLine.filter(owner_id=photo.owner_id, sha256=photo.sha256, subject_kind=SUBJECT)
    return list({line.subject_id for line in await lines})
