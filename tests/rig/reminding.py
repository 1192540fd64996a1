"""The people, items and sender of G6 as a program: `python -m tests.rig.reminding found N` or `send CLOCK [CHANGE]`.

`found` prints how many reminders were planned. `send` sends until it is killed; its clock is ahead by the seconds in
the file CLOCK. CHANGE takes a protection away: `resends` what may have arrived, `unlisted` keeps failures off the list.
"""

import asyncio
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
from tortoise import Tortoise
from tortoise.expressions import F

from models import Delivery, Duty, LedgerItem, Organisation, Person, Reminder, SubscriptionQuota
from models.config import tortoise_config
from models.vocabulary import (
    DeliveryState,
    LedgerState,
    ObservationKind,
    OrganisationKind,
    Role,
    Scope,
    SubscriptionOutcome,
    Urgency,
)
from server import people, reminders, reporters, team
from server.gateways.sending import OutcomeNotKnown, TryLater
from server.kernel.clock import SHANGHAI
from server.notifications import channels
from server.notifications.channels import outcomes
from server.people import identities
from server.settings import Settings, read_settings
from server.tools import Tools, real_tools

DAY = date(2026, 12, 1)  # a Tuesday
MUST = 5  # every fifth reminder must be acknowledged
CREDITS = 5


class ClockFromFile:
    """A clock that is ahead by as many seconds as a file says."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text() or 0))


def begins(clock: Path) -> None:
    """Set a clock to 8:30 of the day."""
    wanted = datetime.combine(DAY, time(8, 30), SHANGHAI)
    clock.write_text(str((wanted - datetime.now(UTC)).total_seconds()))


async def opened(settings: Settings, *, clock: Path | None = None) -> Tools:
    tools = await real_tools(settings, clock=ClockFromFile(clock) if clock else None)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    return tools


async def found(tools: Tools, count: int) -> int:
    """Create people who allowed messages, each with an item due today, and plan the day."""
    office = await people.add_organisation(
        "改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    unit = await people.add_organisation(
        "市住建局", code="unit", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office
    )
    template = tools.settings.wechat_templates["item_due"]
    async with httpx.AsyncClient(base_url=f"{tools.settings.wechat_base_url}/_control") as wechat:
        for number in range(count):
            await _person(number, office, unit, tools=tools, template=template)
            grant = {"openid": f"openid-{number}", "template": template, "count": CREDITS}
            (await wechat.post("/credits", json=grant)).raise_for_status()
    now = datetime.combine(DAY, time(8), SHANGHAI)
    planned = await reminders.plan_day(DAY, city_pack=tools.settings.city_pack, now=now)
    must = [one.id for at, one in enumerate(await Reminder.all().order_by("id")) if at % MUST == 0]
    await Reminder.filter(id__in=must).update(urgency=Urgency.LETTER)
    await Reminder.all().update(channels=["subscribe"], climbs_at=None)
    return planned or 0


async def _person(
    number: int, office: Organisation, unit: Organisation, *, tools: Tools, template: str
) -> None:
    person = await Person.create(designation=f"专员{number}", organisation=unit, created_on=DAY)
    await Duty.create(person=person, role=Role.COMMISSIONER, scope=Scope.ALL, since_on=date(2026, 1, 1))
    await identities.bind(person, keys=tools.keys, openid=f"openid-{number}")
    await SubscriptionQuota.create(
        person=person,
        template=template,
        credits=CREDITS,
        outcome=SubscriptionOutcome.ACCEPT,
        told_on=DAY,
    )
    await LedgerItem.create(
        organisation=office,
        lead_unit=unit,
        commissioner=person,
        registered_by=person,
        series="改",
        year=2026,
        number=number + 1,
        number_text=f"改-2026-{number + 1:04}",
        state=LedgerState.IN_PROGRESS,
        kind=ObservationKind.PROBLEM,
        title="路口坑槽",
        due_on=DAY,
        dispatched_at=datetime(2026, 11, 2, tzinfo=UTC),
        registered_at=datetime(2026, 11, 2, tzinfo=UTC),
    )


async def send(tools: Tools, clock: Path) -> None:
    """Send again and again until killed, and say for which time it has looked at everything."""
    while True:
        began = clock.read_text()
        await channels.deliver(tools=tools)
        await channels.send_unknown_again(tools=tools)
        await Delivery.filter(state=DeliveryState.FAILED, seen_at=None).count()
        looked_at(clock).write_text(began)
        await asyncio.sleep(0.02)


def looked_at(clock: Path) -> Path:
    """Return the file that holds the last time at which the sender has looked at everything."""
    return clock.with_suffix(".looked_at")


def resends() -> None:
    """Take a message that may have arrived for one that did not."""
    outcomes.TERMS = tuple(
        (theirs, TryLater if ours is OutcomeNotKnown else ours) for theirs, ours in outcomes.TERMS
    )


def unlisted() -> None:
    """Keep what failed off the office's list."""
    import server.notifications.channels.sending as sending  # noqa: PLC0415

    noted = sending._note

    async def quietly(claimed, state, **told):  # type: ignore[no-untyped-def]
        done = await noted(claimed, state, **told)
        troubled = Delivery.filter(id=claimed.delivery.id, state__in=("failed", "unknown"))
        await troubled.update(seen_at=F("settled_at"))
        return done

    sending._note = quietly


CHANGES = {"resends": resends, "unlisted": unlisted}


async def main(words: list[str]) -> None:
    settings = read_settings()
    if words[0] == "found":
        tools = await opened(settings)
        sys.stdout.write(str(await found(tools, int(words[1]))))
        await tools.close()
        await Tortoise.close_connections()
        return
    for change in words[2:]:
        CHANGES[change]()
    clock = Path(words[1])
    await send(await opened(settings, clock=clock), clock)


assert team  # whose kinds of matters are registered on import

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
