"""What others may see of a report. Others are all but its reporter and the office that reviews it.

Whoever shows a report's words or photos to others takes them from here and from nowhere else.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import ContentCheck, ManifestLine, Observation, Person, Photo, Rendition
from models.vocabulary import ContentDecision, ContentKind, ContentState
from server import observations, people, photos, reporters
from server.observations.submitting import SUBJECT
from server.people import Act, may
from server.screening.contents import GONE, digest_of_words


@dataclass(frozen=True)
class ForOthers:
    """What of a report others may see: its words or None, and the digests of its photos.

    Nothing of a report that was withdrawn or declined.
    """

    text: str | None
    place_name: str | None
    photos: frozenset[str]


def is_visible_to_others(*checks: ContentCheck | None) -> bool:
    """Whether contents may be shown to others: each has passed, by a person or else by WeChat. Pure.

    No check, or none at all, is no pass.
    """
    return bool(checks) and all(check is not None and _passes(check) for check in checks)


def _passes(check: ContentCheck) -> bool:
    if check.decision:
        return check.decision is ContentDecision.PASSED
    return check.state is ContentState.PASS


async def for_others(reports: Sequence[Observation]) -> dict[UUID, ForOthers]:
    """What others may see of each report, by the report's id; two queries for all of them."""
    ids = [report.id for report in reports if report.state not in GONE]
    named, passed = defaultdict(set), defaultdict(set)
    for line in await ManifestLine.filter(subject_id__in=ids):
        named[line.subject_id].add(line.sha256)
    for check in await ContentCheck.filter(subject_id__in=ids):
        if is_visible_to_others(check):
            passed[check.subject_id].add(check.digest)
    return {one.id: _seen(one, named[one.id], passed[one.id]) for one in reports}


async def photos_for_others(report: Observation) -> list[Photo]:
    """The photos of a report that others may see, in order, with their renditions."""
    seen = (await for_others([report]))[report.id].photos
    return [photo for photo in await photos.photos_of(report.id) if photo.sha256 in seen]


async def is_photo_visible(photo: Photo) -> bool:
    """Whether others may see a photo, also outside its report: passed in one, and hidden by nobody in any."""
    return photo.id in await visible_photos([photo])


async def visible_photos(found: Collection[Photo]) -> set[UUID]:
    """The ids of those photos that others may see, also outside their reports; three queries for all of them."""
    digests = {photo.sha256 for photo in found}
    checks = await ContentCheck.filter(kind=ContentKind.PHOTO, digest__in=digests)
    reports = {one.id: one for one in await Observation.filter(id__in={check.subject_id for check in checks})}
    senders = await reporters.reporters_of(reports)
    lines = await ManifestLine.filter(sha256__in=digests, subject_id__in=list(reports), subject_kind=SUBJECT)
    naming = {(line.subject_id, line.owner_id, line.sha256) for line in lines}
    seen = set()
    for photo in found:
        mine = [one for one in checks if _is_of(one, photo, senders)]
        passed = {one.subject_id for one in mine if is_visible_to_others(one)}
        alive = {one for one in passed if reports[one].state not in GONE}
        is_hidden = any(check.decision is ContentDecision.HIDDEN for check in mine)
        if not is_hidden and any((one, photo.owner_id, photo.sha256) in naming for one in alive):
            seen.add(photo.id)
    return seen


def _is_of(check: ContentCheck, photo: Photo, senders: Mapping[UUID, UUID]) -> bool:
    """Whether a check is of this photo in a report of its owner's."""
    is_own = senders.get(check.subject_id) == photo.owner_id
    return check.digest == photo.sha256 and (is_own or photos.is_sealed(photo))


async def may_see(rendition: Rendition, *, person_id: UUID, on: date) -> bool:
    """Whether a person may see a rendition now: its sender, its reviewers, and everybody once it has passed.

    The rendition has its photo at hand. Photos that belong to no report, evidence of units, are not screened.
    """
    photo = rendition.photo
    if photo.owner_id == person_id:
        return True
    reports = {rendition.subject_id, *(report.id for report in await observations.naming(photo))}
    if not await Observation.exists(id__in=reports) or await is_photo_visible(photo):
        return True
    visitor = await people.visitor_as(await Person.get(id=person_id), on=on)
    if not may(visitor.duties, Act.REVIEW_OBSERVATIONS):
        return False
    return await observations.reviewable(visitor).filter(id__in=reports).exists()


def _seen(report: Observation, named: set[str], passed: set[str]) -> ForOthers:
    is_read = digest_of_words(report) in passed
    return ForOthers(
        text=report.text if is_read else None,
        place_name=report.place_name if is_read else None,
        photos=frozenset(named & passed),
    )
