"""Amending (修改): the office corrects its own words of an item, and before dispatch also what it concerns."""

from datetime import datetime
from uuid import UUID

import msgspec

from models import LedgerItem, Organisation
from models.vocabulary import LedgerState
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Amendment, Result
from server.ledger.dispatching import WORKERS
from server.ledger.refusals import FixedOnceDispatched, NotAUnit
from server.ledger.registering import NewItem
from server.ledger.states import ENDED, MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission

LABELS = {
    "title": "标题",
    "kind": "类别",
    "category": "分类",
    "summary": "情况摘要",
    "place_name": "地点",
    "task_id": "任务",
    "lead_unit_id": "牵头单位",
}
BEFORE_DISPATCH = ("kind", "task_id", "lead_unit_id")


@unit_of_work
async def amend(item_id: UUID, command: Amendment, *, by: Actor, now: datetime) -> Result:
    """Change an item where it differs from `to`; without a difference nothing is written.

    Raises StaleItem, WrongStep for an ended item, FixedOnceDispatched, NotAUnit.
    """
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    to = msgspec.structs.replace(command.to, category=command.to.category or item.category)
    check_amend(item, to)
    changed = amended_fields(item, to)
    if not changed:
        return Result(item)
    if "lead_unit_id" in changed and to.lead_unit_id:
        unit = await Organisation.get_or_none(id=to.lead_unit_id, closed_on=None)
        if unit is None or unit.kind not in WORKERS:
            raise NotAUnit
    before = {name: str(getattr(item, name) or "") for name in changed}
    item.update_from_dict(msgspec.structs.asdict(to))
    words = "、".join(LABELS[name] for name in changed)
    return Result(await save_change(item, event="amended", by=by, changed=words, before=before))


def amended_fields(item: LedgerItem, to: NewItem) -> list[str]:
    """Return the fields in which an item differs from `to`. Pure."""
    return [name for name in LABELS if getattr(item, name) != getattr(to, name)]


def check_amend(item: LedgerItem, to: NewItem) -> None:
    """Raise WrongStep or FixedOnceDispatched unless an item may be amended like this in its state. Pure."""
    changed = amended_fields(item, to)
    if changed and item.state in ENDED:
        raise MACHINE.wrong_step(item, "这件事已经办结，内容不能再改。")
    fixed = [LABELS[name] for name in changed if name in BEFORE_DISPATCH]
    if fixed and item.state is not LedgerState.REGISTERED:
        raise FixedOnceDispatched(f"这件事已经分办，{'、'.join(fixed)}不能再改。")
