"""The demo world's cases: what the office told units, and what one of them answered."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from models import LedgerItem, Observation
from models.vocabulary import DayPart
from server import cases, people
from server.cases import NewCase
from server.kernel.clock import business_date

if TYPE_CHECKING:
    from server.trial.demo import World


class DemoCase(Struct, frozen=True, forbid_unknown_fields=True):
    """One case: the item by its title, the office's words, and the unit's answer if there is one."""

    item: str
    summary: str
    narrow_because: str = ""
    seen_part: DayPart = DayPart.DAY
    answered_by: str = ""
    answer: str = ""


async def tell_units(world: "World") -> None:
    """Open the demo's cases, release yesterday's batch, and answer."""
    now = world.now - timedelta(days=1)
    chen = await people.actor_as(world.persons["chen"], on=business_date(world.now))
    opened: list[tuple[DemoCase, UUID]] = []
    for told in world.read("cases", list[DemoCase]):
        item = await LedgerItem.get(title=told.item)
        report = await Observation.filter(ledger_item_id=item.id).first()
        seen_on = business_date(report.received_at if report else now)
        new = NewCase(told.summary, seen_on=seen_on, seen_part=told.seen_part)
        case = await cases.open_case(item.id, new=new, by=chen, now=now, narrow_because=told.narrow_because)
        opened.append((told, case.id))
    await cases.release_batch(business_date(now))
    for told, case_id in opened:
        if told.answer:
            by = await people.actor_as(world.persons[told.answered_by], on=business_date(world.now))
            await cases.answer(case_id, cases.AnswerCase(text=told.answer), by=by, now=world.now)
