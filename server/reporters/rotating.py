"""Rotating keys: old marks and boxes are replaced in random order; meanwhile all keys find them."""

from collections.abc import Callable
from uuid import UUID

from models import Reporter
from server.kernel.unit_of_work import unit_of_work
from server.reporters.keys import mark_keys
from server.reporters.role import opened
from server.reporters.salting import Own, reseal_salts, salt_called

BATCH = 200


async def rotate(*, tell: Callable[[int], None] = lambda _: None) -> int:
    """Bring every salt, mark and box under the current keys, in batches; returns how many were changed."""
    changed = await reseal_salts()
    while batch := await _rotate_batch():
        changed += batch
        tell(changed)
    return changed


@unit_of_work
async def _rotate_batch() -> int:
    """Rotate one batch in the order of marks, which are random and so reveal nothing."""
    keys, salts = mark_keys(), dict[UUID, Own]()
    async with opened():
        old = Reporter.filter(key_id__not=keys.current).order_by("mark").limit(BATCH)
        rows = await old.select_for_update(skip_locked=True)
        for row in rows:
            inside = keys.open(row.box, key_id=row.key_id, bound_to=row.observation_id)
            own = salts[inside.salt_id] = salts.get(inside.salt_id) or await salt_called(inside.salt_id)
            row.mark = keys.mark(own.salt, month=inside.month, number=inside.number)
            row.box = keys.box(inside, bound_to=row.observation_id)
            row.key_id = keys.current
            await row.save(update_fields=["mark", "box", "key_id"])
    return len(rows)
