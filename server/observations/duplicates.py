"""Finding earlier reports that may tell of the same problem, by place, task, picture and words (SUB-12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians
from uuid import UUID

from tortoise.expressions import Q

from models import Observation, Photo
from models.vocabulary import Datum
from models.vocabulary import ObservationState as S
from server import photos, policies
from server.gateways.images import distance
from server.kernel.places import Position, distance_m
from server.observations.reading import reviewable
from server.people import Actor

AROUND_M = 1000.0
SAME_PICTURE, LIKE_PICTURE = 0, 10  # differing bits of 64
SAME_WORDS = 0.5
WITHIN = timedelta(days=90)
METRES_PER_DEGREE = 111_195.0
MOST = 8


@dataclass(frozen=True)
class DuplicateCandidate:
    """An earlier report that may describe the same problem, with the strength of the match and its reasons."""

    observation: Observation
    score: int
    reasons: list[str]


async def find_duplicates(observation: Observation, *, by: Actor) -> list[DuplicateCandidate]:
    """Return reports of the last 90 days that may describe the same problem, best match first."""
    since = observation.received_at - WITHIN
    earlier = reviewable(by).filter(received_at__gte=since, received_at__lte=observation.received_at)
    earlier = earlier.exclude(id=observation.id).exclude(state__in=(S.DECLINED, S.WITHDRAWN))
    candidates = (
        await earlier.filter(await _worth_a_look(observation)).limit(200).select_related("ledger_item")
    )
    prints = await photos.fingerprints_of([observation.id, *(one.id for one in candidates)])
    near_m = (await policies.in_force()).categories.near_m(observation.category)
    judged = [_judge(one, observation, prints, near_m=near_m) for one in candidates]
    return sorted((one for one in judged if one.score), key=lambda one: -one.score)[:MOST]


async def _worth_a_look(observation: Observation) -> Q:
    """Select reports nearby, of the same task or with a similar picture: a bounding box here, exact distances later."""
    wanted = Q(id__in=await _with_like_pictures(observation))
    if observation.task_id:
        wanted |= Q(task_id=observation.task_id)
    if observation.wgs_latitude is not None and observation.wgs_longitude is not None:
        north = AROUND_M / METRES_PER_DEGREE
        east = north / max(0.1, cos(radians(observation.wgs_latitude)))
        wanted |= Q(
            wgs_latitude__range=(observation.wgs_latitude - north, observation.wgs_latitude + north),
            wgs_longitude__range=(observation.wgs_longitude - east, observation.wgs_longitude + east),
        )
    return wanted


def _judge(
    one: Observation, other: Observation, prints: Mapping[UUID, list[int]], *, near_m: int
) -> DuplicateCandidate:
    reasons, score = [], 0
    metres = _metres(one, other)
    if metres is not None and metres <= max(AROUND_M, near_m):
        score += 40 if metres <= near_m else 15
        reasons.append(f"相距{metres:.0f}米")
    if one.task_id and one.task_id == other.task_id:
        score += 15
        reasons.append("同一项任务")
    pairs = [(a, b) for a in prints.get(one.id, []) for b in prints.get(other.id, [])]
    bits = min((distance(a, b) for a, b in pairs), default=64)
    if bits <= LIKE_PICTURE:
        score += 60 if bits == SAME_PICTURE else 35
        reasons.append("照片相同" if bits == SAME_PICTURE else "照片相似")
    if _shared_words(one.text, other.text) >= SAME_WORDS:
        score += 25
        reasons.append("文字相近")
    return DuplicateCandidate(one, score if score >= 35 else 0, reasons)


def _metres(one: Observation, other: Observation) -> float | None:
    here, there = _position(one), _position(other)
    return distance_m(here, there) if here and there else None


def _position(one: Observation) -> Position | None:
    if one.wgs_latitude is None or one.wgs_longitude is None:
        return None
    return Position(one.wgs_latitude, one.wgs_longitude, Datum.WGS84)


def _shared_words(one: str, other: str) -> float:
    """Return the share of letter pairs that two texts have in common (Dice)."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other)]
    whole = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / whole if whole else 0.0


async def _with_like_pictures(observation: Observation) -> list[UUID]:
    """Return the reports with an identical picture fingerprint; similar ones are found among reports nearby."""
    prints = [photo.fingerprint for photo in await photos.photos_of(observation.id) if photo.fingerprint]
    same = await Photo.filter(fingerprint__in=prints)
    return [photo.subject_id for photo in same if photo.subject_id]
