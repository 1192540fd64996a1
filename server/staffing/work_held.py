"""The work a person holds, which moves when they hand over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import Duty, LedgerItem, Person, ReformTask
from models.vocabulary import Role
from server import ledger, tasks
from server.people.duties import holds_on

TAKES_OVER = (Role.COMMISSIONER, Role.LEADING_OFFICIAL)


@dataclass(frozen=True)
class WorkHeld:
    """The open items and current tasks a person answers for, and the tasks they lead."""

    items: list[LedgerItem]
    tasks: list[ReformTask]
    led: list[ReformTask]

    def __bool__(self) -> bool:
        return bool(self.items or self.tasks or self.led)

    @property
    def roles(self) -> set[Role]:
        """Return the roles that this work requires."""
        answers = {Role.COMMISSIONER} if self.items or self.tasks else set()
        return answers | ({Role.LEADING_OFFICIAL} if self.led else set())

    @property
    def unit_ids(self) -> set[UUID]:
        """Return the units whose commissioner must answer for the items."""
        return {item.lead_unit_id for item in self.items if item.lead_unit_id}


async def work_of(person: Person) -> WorkHeld:
    """Return a person's current work."""
    return WorkHeld(
        await ledger.items_answered_for(person.id),
        await tasks.tasks_answered_for(person.id),
        await tasks.tasks_led_by(person.id),
    )


async def successors_of(person: Person, work: WorkHeld, *, on: date) -> list[Person]:
    """Return who may take this work over: active people with every required duty, of the units of its items."""
    held = Duty.filter(role__in=TAKES_OVER, person__is_active=True).exclude(person_id=person.id)
    by_person: dict[UUID, list[Duty]] = {}
    for duty in await held.select_related("person", "person__organisation"):
        by_person.setdefault(duty.person_id, []).append(duty)
    fit = [duties[0].person for duties in by_person.values() if is_fit(duties, work, on=on)]
    return sorted(fit, key=lambda one: one.designation)


def is_fit(duties: Iterable[Duty], work: WorkHeld, *, on: date) -> bool:
    """Return whether a person with these duties, each with its person prefetched, may take the work over."""
    holding = [duty for duty in duties if holds_on(on, since=duty.since_on, until=duty.until_on)]
    is_there = all(unit_id in {one.person.organisation_id for one in holding} for unit_id in work.unit_ids)
    return is_there and work.roles <= {one.role for one in holding}
