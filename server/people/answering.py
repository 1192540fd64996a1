"""The commissioner who answers for a unit's item: the one its task names, or the unit's first."""

from datetime import date
from uuid import UUID

from models import Duty, Organisation, ReformTask
from models.vocabulary import Role
from server.kernel.refusal import Refusal


class NotItsCommissioner(Refusal):
    """The named person is not a commissioner of the unit."""

    status = 422
    message_zh = "选择的改革专员不属于这个单位。"
    hint_zh = "请从该单位的改革专员中选择。"


async def commissioner_of(
    unit: Organisation, *, wanted: UUID | None, task_id: UUID | None, on: date
) -> UUID | None:
    """Return the commissioner of a unit's item: the wanted one, the task's own, or the unit's first.

    Raises NotItsCommissioner. Returns None if the unit has no commissioner.
    """
    held = await Duty.filter(
        role=Role.COMMISSIONER, person__organisation_id=unit.id, person__is_active=True, since_on__lte=on
    ).order_by("since_on", "id")
    known = [duty.person_id for duty in held if duty.until_on is None or duty.until_on >= on]
    if wanted:
        if wanted not in known:
            raise NotItsCommissioner
        return wanted
    task = await ReformTask.get_or_none(id=task_id).prefetch_related("commissioners") if task_id else None
    of_task = [person.id for person in task.commissioners if person.id in known] if task else []
    return next(iter([*of_task, *known]), None)
