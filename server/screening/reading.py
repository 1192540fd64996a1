"""Reading checks: what waits for a person, and how the contents of one report stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import ContentCheck, Observation
from models.vocabulary import ContentKind, ContentState
from server import observations, photos
from server.people import Visitor
from server.screening.contents import GONE, digest_of_words, photo_name
from server.screening.seeing import is_visible_to_others
from server.screening.wording import words_of_check

HELD = (ContentState.REVIEW, ContentState.RISKY, ContentState.UNKNOWN)
NOT_OPENED = "还没有开始检查"


@dataclass(frozen=True)
class Held:
    """A content of a report in the queue, and what is known of it."""

    check: ContentCheck
    report: Observation
    words: str


@dataclass(frozen=True)
class Standing:
    """How one content of a report stands: what it is, what is known of it, and whether others may see it."""

    name: str
    check: ContentCheck | None
    words: str
    is_visible: bool
    needs_person: bool


async def queue(visitor: Visitor, *, states: Sequence[ContentState] = HELD, limit: int = 50) -> list[Held]:
    """What waits for a decision of the visitor's office, the oldest first."""
    checks = await _waiting(visitor, states).order_by("opened_at", "id").limit(limit)
    found = await Observation.filter(id__in=[check.subject_id for check in checks])
    reports = {report.id: report for report in found}
    return [Held(check, reports[check.subject_id], words_of_check(check)) for check in checks]


async def count_of_queue(visitor: Visitor, *, states: Sequence[ContentState] = HELD) -> int:
    """How many wait: the same line, counted."""
    return await _waiting(visitor, states).count()


async def of(report: Observation) -> list[Standing]:
    """How the contents of a report stand: its words, then each photo that is here, in order."""
    checks = {(check.kind, check.digest): check for check in await ContentCheck.filter(subject_id=report.id)}
    here = [photo.sha256 for photo in await photos.photos_of(report.id)]
    names = {(ContentKind.TEXT, digest_of_words(report)): ContentKind.TEXT.label}
    for number, digest in enumerate(here, start=1):
        names.setdefault((ContentKind.PHOTO, digest), photo_name(number))
    return [_standing(name, checks.get(key)) for key, name in names.items()]


def _waiting(visitor: Visitor, states: Sequence[ContentState]) -> QuerySet[ContentCheck]:
    mine = observations.reviewable(visitor).exclude(state__in=GONE)
    return ContentCheck.filter(
        is_current=True, decision=None, state__in=states, subject_id__in=Subquery(mine.values("id"))
    )


def _standing(name: str, check: ContentCheck | None) -> Standing:
    return Standing(
        name=name,
        check=check,
        words=words_of_check(check) if check else NOT_OPENED,
        is_visible=is_visible_to_others(check),
        needs_person=check is not None and check.decision is None and check.state in HELD,
    )
