"""Counting the progress of missions, many in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tortoise import connections

PROGRESS = """
SELECT s.mission_id, count(q.id) AS questions, count(a.id) AS answered,
       count(a.id) FILTER (WHERE a.passed = false) AS failed
FROM mission_stop s
JOIN checklist_question q ON q.stop_id = s.id
LEFT JOIN checklist_answer a ON a.question_id = q.id
WHERE s.mission_id = ANY($1::uuid[]) GROUP BY s.mission_id
"""


@dataclass(frozen=True)
class Progress:
    """The number of a mission's questions, how many are answered, and how many of those failed."""

    questions: int = 0
    answered: int = 0
    failed: int = 0

    @property
    def words(self) -> str:
        """Return the progress as a member reads it."""
        return f"已完成{self.answered}/{self.questions}"


async def progress_of(mission_ids: Sequence[UUID]) -> dict[UUID, Progress]:
    """Return the progress of each mission."""
    rows = await connections.get("default").execute_query_dict(PROGRESS, [list(mission_ids)])
    found = {row["mission_id"]: Progress(row["questions"], row["answered"], row["failed"]) for row in rows}
    return {mission_id: found.get(mission_id, Progress()) for mission_id in mission_ids}
