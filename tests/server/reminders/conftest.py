"""An office on a working day, a commissioner with an item, and a clock that goes from day to day."""

from datetime import date, datetime, time, timedelta

import pytest

from models import InboxMessage, Reminder, SubscriptionQuota
from models.vocabulary import Role, SubscriptionOutcome
from server import reminders
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from tests.factories import dispatched_item

OPENID = "openid-demo-王科长"


class City:
    """The city, its clock, and the planner."""

    def __init__(self, office, fake):
        self.office, self.fake = office, fake

    async def enter(self):
        office = self.office
        await self.at(date(2026, 11, 30), 7)  # a Monday
        for key in ("", ":forced"):  # a new WeChat, which would refuse the old one's token
            await office.tools.redis.cache.delete(f"wechat:token:{self.fake.settings.appid}{key}")
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        self.lead = await office.enrol("罗主任", Role.OFFICE_LEAD)
        self.wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau, openid=OPENID)
        self.head = await office.enrol("马局长", Role.LEADING_OFFICIAL, organisation=office.bureau)
        return self

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    @property
    def pack(self):
        return self.office.tools.settings.city_pack

    async def at(self, day, hour, minute=0):
        watch = self.office.watch
        watch.ahead = timedelta()
        watch.ahead = datetime.combine(day, time(hour, minute), SHANGHAI) - watch.now()

    async def item_due(self, due_on, **given):
        return await dispatched_item(
            self.office, by=self.chen, commissioner=self.wang, due_on=due_on, **given
        )

    async def acknowledged_item(self, due_on, **given):
        """Return an item that its commissioner has acknowledged, so that only its deadline is reminded of."""
        item = await self.item_due(due_on, **given)
        await self.act("acknowledge", item)
        return item

    async def act(self, action, item, *, by=None, **told):
        from server import ledger  # noqa: PLC0415
        from tests.acting import act  # noqa: PLC0415

        await item.refresh_from_db()
        by = by or await self.office.actor(self.wang)
        await act(getattr(ledger, action), item.id, version=item.version, by=by, now=self.now, **told)
        await item.refresh_from_db()

    async def plan(self, day=None, hour=8):
        """Run the planner at 8:00 of a day; return how many reminders are new, None if it had run."""
        await self.at(day or self.today, hour)
        return await reminders.plan_if_due(city_pack=self.pack, now=self.now)

    async def plan_until(self, last):
        """Run the planner on every day from today to the last; return {day: offsets} of those with reminders."""
        found, day = {}, self.today
        while day <= last:
            before = {one.id for one in await Reminder.all()}
            if await self.plan(day):
                found[day] = sorted({one.offset for one in await Reminder.all() if one.id not in before})
            day += timedelta(days=1)
        return found

    async def reminders(self, **which):
        return await Reminder.filter(**which).order_by("told_at", "offset", "id")

    async def inbox_of(self, person):
        found = await InboxMessage.filter(person=person, reminder_id__isnull=False).order_by("created_at")
        return [one.title for one in found]

    async def allow(self, count=1, *, person=None, openid=OPENID):
        """Let a person allow reminders; the office and WeChat each count it."""
        template = self.office.tools.settings.wechat_templates["item_due"]
        await SubscriptionQuota.create(
            person=person or self.wang,
            template=template,
            credits=count,
            outcome=SubscriptionOutcome.ACCEPT,
            told_on=self.today,
        )
        await self.fake.grant(openid, template, count)

    async def due(self, days):
        """Return the day so many working days ahead."""
        return (await calendar()).due(self.today, days).on


@pytest.fixture
async def city(office, fake_wechat):
    return await City(office, fake_wechat).enter()
