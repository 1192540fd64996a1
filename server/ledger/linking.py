"""Linking (关联): two matters that belong together but stay two (LED-09)."""

from datetime import datetime
from uuid import UUID, uuid4

from models import ItemLink
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Linking, Result
from server.ledger.reading import item_seen_by
from server.ledger.refusals import AlreadyLinked
from server.ledger.states import ENDED, MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission


@unit_of_work
async def link(item_id: UUID, command: Linking, *, by: Actor, now: datetime) -> Result:
    """Link an item with another; each page shows the other. Raises NoSuchThing, AlreadyLinked."""
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    if item.state in ENDED:
        raise MACHINE.wrong_step(item, "这件事已经办结，请从还在办理的那一件关联。")
    other = await item_seen_by(by, command.to, permission=Permission.DECIDE_ITEMS)
    one_id, other_id = sorted((item.id, other.id))
    if one_id == other_id or await ItemLink.exists(one_id=one_id, other_id=other_id):
        raise AlreadyLinked
    await ItemLink.create(
        id=uuid4(),
        one_id=one_id,
        other_id=other_id,
        reason=command.reason,
        linked_by=by.person,
        linked_at=now,
    )
    told = {"to": other.number_text, "reason": command.reason}
    return Result(await save_change(item, event="linked", by=by, **told))
