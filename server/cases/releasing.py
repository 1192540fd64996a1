"""Releasing all prepared cases together, once a day at a fixed hour, in random order."""

from datetime import date
from secrets import SystemRandom

from tortoise import connections

from models import Case
from models.vocabulary import CaseState
from server import journal
from server.cases.states import MACHINE
from server.kernel.unit_of_work import unit_of_work

FIRST_TODAY = """
INSERT INTO case_batch (released_on) VALUES ($1) ON CONFLICT DO NOTHING RETURNING released_on
"""
UNREADY = """
SELECT DISTINCT p.case_id FROM case_picture p
LEFT JOIN rendition r ON r.photo_id = p.photo_id AND r.subject_id = p.case_id AND r.withdrawn_at IS NULL
WHERE r.id IS NULL
"""


@unit_of_work
async def release_batch(today: date) -> int:
    """Release every prepared case whose pictures are ready and return how many; a second batch on a day is empty.

    A case prepared after the batch, or with late pictures, waits until tomorrow, so neither the hour nor the order
    tells a unit when the office learnt of something.
    """
    database = connections.get("default")
    if not await database.execute_query_dict(FIRST_TODAY, [today]):
        return 0
    unready = {row["case_id"] for row in await database.execute_query_dict(UNREADY)}
    waiting = await Case.filter(state=CaseState.PREPARED).select_for_update()
    batch = [case for case in waiting if case.id not in unready]
    SystemRandom().shuffle(batch)
    for position, case in enumerate(batch, start=1):
        MACHINE.take(case, "release")
        case.released_on, case.position = today, position
        await case.save()
        await journal.record("case.released", case, by=None)
    return len(batch)
