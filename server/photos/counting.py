"""Photo counts and covers for lists of many subjects, in one query each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise import connections

COUNTS = """
SELECT l.subject_id, count(*) AS announced, count(p.id) AS here
FROM manifest_line l LEFT JOIN photo p ON p.subject_id = l.subject_id AND p.sha256 = l.sha256 AND p.is_entered
WHERE l.subject_id = ANY($1::uuid[]) GROUP BY l.subject_id
"""
COVERS = """
SELECT DISTINCT ON (r.subject_id) r.subject_id, r.id, r.width, r.height
FROM rendition r
JOIN photo p ON p.id = r.photo_id
JOIN manifest_line l ON l.subject_id = r.subject_id AND l.subject_id = p.subject_id AND l.sha256 = p.sha256
WHERE r.subject_id = ANY($1::uuid[]) AND r.size = 'small' AND r.withdrawn_at IS NULL
ORDER BY r.subject_id, l.position
"""
MISSING = """
SELECT l.subject_id, array_agg(l.sha256 ORDER BY l.position) AS digests
FROM manifest_line l LEFT JOIN photo p ON p.subject_id = l.subject_id AND p.sha256 = l.sha256
WHERE l.subject_id = ANY($1::uuid[]) AND p.id IS NULL GROUP BY l.subject_id
"""


@dataclass(frozen=True)
class Count:
    """How many photos a subject announced, and how many of them have arrived."""

    announced: int
    here: int


@dataclass(frozen=True)
class Cover:
    """The small rendition of a subject's first photo that can be shown; pixels."""

    id: UUID
    width: int
    height: int


async def counts_of(subject_ids: Sequence[UUID]) -> dict[UUID, Count]:
    """Return the photo counts of subjects."""
    rows = await connections.get("default").execute_query_dict(COUNTS, [list(subject_ids)])
    return {row["subject_id"]: Count(row["announced"], row["here"]) for row in rows}


async def missing_of(subject_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return the announced digests whose photos have not arrived, by subject; complete subjects are left out."""
    rows = await connections.get("default").execute_query_dict(MISSING, [list(subject_ids)])
    return {row["subject_id"]: list(dict.fromkeys(row["digests"])) for row in rows}


async def covers_of(subject_ids: Sequence[UUID]) -> dict[UUID, Cover]:
    """Return the covers of those subjects that have one."""
    rows = await connections.get("default").execute_query_dict(COVERS, [list(subject_ids)])
    return {row["subject_id"]: Cover(row["id"], row["width"], row["height"]) for row in rows}
