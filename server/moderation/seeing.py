"""What others may see of a report; others are all but its reporter and the office that reviews it.

Code that shows a report's words or photos to others takes them from here and from nowhere else.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import ContentCheck, ManifestLine, Observation, Person, Photo, Rendition
from models.vocabulary import ContentDecision, ContentKind, ContentState
from server import observations, people, photos, reporters
from server.moderation.contents import GONE, digest_of_words
from server.observations.submitting import SUBJECT
from server.people import Permission, may


@dataclass(frozen=True)
class ForOthers:
    """What others may see of a report: its words or None, and the digests of its photos.

    A withdrawn or declined report shows nothing.
    """

    text: str | None
    place_name: str | None
    photos: frozenset[str]


def is_visible_to_others(*checks: ContentCheck | None) -> bool:
    """Return whether contents may be shown to others: each has passed, by a person or else by WeChat. Pure.

    Without a check, nothing has passed.
    """
    return bool(checks) and all(check is not None and _passes(check) for check in checks)


def _passes(check: ContentCheck) -> bool:
    if check.decision:
        return check.decision is ContentDecision.PASSED
    return check.state is ContentState.PASS


async def for_others(reports: Sequence[Observation]) -> dict[UUID, ForOthers]:
    """Return what others may see of each report, by the report's id; two queries for all of them."""
    ids = [report.id for report in reports if report.state not in GONE]
    named, passed = defaultdict(set), defaultdict(set)
    for line in await ManifestLine.filter(subject_id__in=ids):
        named[line.subject_id].add(line.sha256)
    for check in await ContentCheck.filter(subject_id__in=ids):
        if is_visible_to_others(check):
            passed[check.subject_id].add(check.digest)
    return {one.id: _seen(one, named[one.id], passed[one.id]) for one in reports}


async def photos_for_others(report: Observation) -> list[Photo]:
    """Return the photos of a report that others may see, in order, with their renditions."""
    seen = (await for_others([report]))[report.id].photos
    return [photo for photo in await photos.photos_of(report.id) if photo.sha256 in seen]


async def is_photo_visible(photo: Photo) -> bool:
    """Return whether others may see a photo, also outside its report: passed in one report, hidden in none."""
    return photo.id in await visible_photos([photo])


async def visible_photos(found: Collection[Photo]) -> set[UUID]:
    """Return the ids of the photos that others may see, also outside their reports.

    They have passed in a report that is neither withdrawn nor declined and are hidden in no report of the same sender.
    The number of queries is the same for one photo as for all.
    """
    digests = {photo.sha256 for photo in found}
    checks = await ContentCheck.filter(kind=ContentKind.PHOTO, digest__in=digests)
    passed = {(one.subject_id, one.digest) for one in checks if is_visible_to_others(one)}
    ids = [photo.subject_id for photo in found if (photo.subject_id, photo.sha256) in passed]
    alive = {one.id for one in await Observation.filter(id__in=ids, state__not_in=GONE).only("id")}
    lines = await ManifestLine.filter(sha256__in=digests, subject_id__in=list(alive), subject_kind=SUBJECT)
    named = {(line.subject_id, line.sha256) for line in lines}
    hidden = await _hidden([check for check in checks if check.decision is ContentDecision.HIDDEN])
    senders = await reporters.reporters_of(alive) if hidden else {}
    return {
        photo.id
        for photo in found
        if photo.subject_id
        and (photo.subject_id, photo.sha256) in named & passed
        and not hidden & {(photo.subject_id, photo.sha256), (senders.get(photo.subject_id), photo.sha256)}
    }


async def _hidden(checks: Sequence[ContentCheck]) -> set[tuple[UUID | None, str]]:
    """Return what was hidden, by report and by its sender."""
    senders = await reporters.reporters_of({check.subject_id for check in checks})
    by_sender = {(senders[one.subject_id], one.digest) for one in checks if one.subject_id in senders}
    return {(one.subject_id, one.digest) for one in checks} | by_sender


async def may_see(rendition: Rendition, *, person_id: UUID, on: date) -> bool:
    """Return whether a person may see a rendition now: its sender, its reviewers, and everybody once it has passed.

    The rendition's photo must be prefetched. Photos without a report, such as units' evidence, are not moderated.
    """
    photo = rendition.photo
    subjects = [(photo.subject_kind, photo.subject_id)] if photo.subject_kind and photo.subject_id else []
    if person_id in (await photos.senders_of(subjects)).values():
        return True
    reports = {rendition.subject_id, *(report.id for report in await observations.naming(photo))}
    if not await Observation.exists(id__in=reports) or await is_photo_visible(photo):
        return True
    actor = await people.actor_as(await Person.get(id=person_id), on=on)
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return False
    return await observations.reviewable(actor).filter(id__in=reports).exists()


def _seen(report: Observation, named: set[str], passed: set[str]) -> ForOthers:
    is_read = digest_of_words(report) in passed
    return ForOthers(
        text=report.text if is_read else None,
        place_name=report.place_name if is_read else None,
        photos=frozenset(named & passed),
    )
