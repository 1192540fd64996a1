"""The marks on the photos of checklist answers: the name of the stop."""

from collections.abc import Collection
from uuid import UUID

from models import ChecklistAnswer
from server import photos
from server.team.answering import SUBJECT

photos.rendered_after("checklist_answer.given")(photos.photos_of)


@photos.describes(SUBJECT)
async def describe(answer_id: UUID) -> photos.Subject | None:
    """Describe an answer's photos by the place of its stop."""
    answer = await ChecklistAnswer.filter(id=answer_id).select_related("question__stop").first()
    if answer is None:
        return None
    place = answer.question.stop.place_name
    return photos.Subject(id=answer.id, kind="mission", told_as=answer.mission_id, place=place)


@photos.tells_senders(SUBJECT)
async def senders(answer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the sender of each answer's photos: the member who gave the answer."""
    return {one.id: one.by_id for one in await ChecklistAnswer.filter(id__in=list(answer_ids))}
