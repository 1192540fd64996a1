"""Reading checks: those that wait for a person, and the state of the contents of one report."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import ContentCheck, ManifestLine, Observation, Rendition
from models.vocabulary import ContentKind, ContentState
from server import observations, photos
from server.kernel.refusal import NoSuchThing
from server.moderation.contents import GONE, digest_of_words, photo_name
from server.moderation.seeing import is_visible_to_others
from server.moderation.wording import words_of_check
from server.people import Actor

HELD = (ContentState.REVIEW, ContentState.RISKY, ContentState.UNKNOWN)
NOT_OPENED = "还没有开始检查"
Queue = Literal["held", "pending", "decided"]
ORDER: dict[Queue, tuple[str, ...]] = {
    "held": ("opened_at", "subject_id", "-kind", "id"),  # the words of a report before its photos
    "pending": ("opened_at", "subject_id", "-kind", "id"),
    "decided": ("-decided_at", "id"),
}


@dataclass(frozen=True)
class Held:
    """A content of a report in a queue: what it is, what is known of it, and its picture, largest size first."""

    check: ContentCheck
    report: Observation
    name: str
    words: str
    renditions: list[Rendition]


@dataclass(frozen=True)
class Standing:
    """The state of one content of a report: what it is, what is known of it, and whether others may see it."""

    name: str
    check: ContentCheck | None
    words: str
    is_visible: bool
    needs_person: bool


async def queue(actor: Actor, *, line: Queue = "held", limit: int = 50, offset: int = 0) -> list[Held]:
    """Return what awaits a person or WeChat in the actor's office, oldest first, or what was decided, newest first.

    The number of queries is the same for one content as for fifty.
    """
    found = in_line(actor, line).order_by(*ORDER[line])
    checks = await found.limit(limit).offset(offset).select_related("decided_by")
    reports = await Observation.in_bulk({check.subject_id for check in checks}, "id")
    names, pictures = await _names_of(checks), await _pictures_of(checks)
    return [
        Held(
            check,
            reports[check.subject_id],
            names[check.id],
            words_of_check(check),
            pictures[check.subject_id, check.digest],
        )
        for check in checks
    ]


async def count_of_queue(actor: Actor, *, line: Queue = "held") -> int:
    """Return how many contents are in a queue, as `queue` selects them."""
    return await in_line(actor, line).count()


async def check_reviewed_by(actor: Actor, check_id: UUID) -> ContentCheck:
    """Return one check of a report the actor may review; raises NoSuchThing whether missing or out of their reach."""
    check = await ContentCheck.get_or_none(id=check_id)
    if check is None:
        raise NoSuchThing
    await observations.observation_reviewed_by(actor, check.subject_id)
    return check


async def of(report: Observation) -> list[Standing]:
    """Return the state of a report's contents: its words, then each photo that has arrived, in order.

    A withdrawn or declined report has none, because nobody else sees it.
    """
    if report.state in GONE:
        return []
    checks = {(check.kind, check.digest): check for check in await ContentCheck.filter(subject_id=report.id)}
    here = [photo.sha256 for photo in await photos.photos_of(report.id)]
    names = {(ContentKind.TEXT, digest_of_words(report)): ContentKind.TEXT.label}
    for number, digest in enumerate(here, start=1):
        names.setdefault((ContentKind.PHOTO, digest), photo_name(number))
    return [_standing(name, checks.get(key)) for key, name in names.items()]


def in_line(actor: Actor, line: Queue = "held") -> QuerySet[ContentCheck]:
    """Return the query for the contents in a queue, as `queue` lists them."""
    mine = observations.reviewable(actor).exclude(state__in=GONE)
    found = ContentCheck.filter(is_current=True, subject_id__in=Subquery(mine.values("id")))
    if line == "decided":
        return found.filter(decision__isnull=False)
    return found.filter(decision=None, state__in=HELD if line == "held" else (ContentState.PENDING,))


async def _names_of(checks: Sequence[ContentCheck]) -> dict[UUID, str]:
    digests: dict[UUID, list[str]] = defaultdict(list)
    named = ManifestLine.filter(subject_id__in={check.subject_id for check in checks})
    for line in await named.order_by("position"):
        digests[line.subject_id].append(line.sha256)
    return {check.id: _name(check, digests[check.subject_id]) for check in checks}


def _name(check: ContentCheck, digests: list[str]) -> str:
    if check.kind is ContentKind.TEXT:
        return check.kind.label
    return photo_name(1 + digests.index(check.digest)) if check.digest in digests else check.kind.label


async def _pictures_of(checks: Sequence[ContentCheck]) -> dict[tuple[UUID, str], list[Rendition]]:
    found = Rendition.filter(
        subject_id__in={check.subject_id for check in checks},
        photo__sha256__in={check.digest for check in checks},
        withdrawn_at=None,
    )
    pictures: dict[tuple[UUID, str], list[Rendition]] = defaultdict(list)
    for rendition in await found.order_by("-width").select_related("photo"):
        pictures[rendition.subject_id, rendition.photo.sha256].append(rendition)
    return pictures


def _standing(name: str, check: ContentCheck | None) -> Standing:
    return Standing(
        name=name,
        check=check,
        words=words_of_check(check) if check else NOT_OPENED,
        is_visible=is_visible_to_others(check),
        needs_person=check is not None and check.decision is None and check.state in HELD,
    )
