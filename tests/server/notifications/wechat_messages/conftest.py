"""A working day at ten in the morning, a commissioner who allowed messages, and an office with work for them."""

from datetime import datetime, time, timedelta

import pytest

from models import SubscribeMessage, SubscriptionQuota
from models.vocabulary import Role, SubscribeMessageState, SubscriptionOutcome
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from tests.conftest import until
from tests.factories import dispatched_item

SEND = "cgi-bin/message/subscribe/send"
OPENID = "openid-demo-王科长"


class City:
    """The city, its clock, and the messages that WeChat delivered."""

    def __init__(self, office, fake):
        self.office, self.fake = office, fake

    async def enter(self):
        office = self.office
        await self.set_clock(10)
        # This is a new WeChat, which would refuse the old one's token.
        await office.tools.redis.cache.delete(f"wechat:token:{self.fake.settings.appid}")
        self.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
        self.wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau, openid=OPENID)
        return self

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def templates(self):
        return self.office.tools.settings.wechat_templates

    async def set_clock(self, hour, minute=0, *, days=1):
        """Set the clock to an hour of the next working day, or of the one `days` ahead."""
        known, watch = await calendar(), self.office.watch
        watch.ahead = timedelta()
        day = known.due(business_date(watch.now()), days).on
        watch.ahead = datetime.combine(day, time(hour, minute), SHANGHAI) - watch.now()

    async def allow(self, purpose, count=1, *, person=None, openid=OPENID):
        """Let a person tap 'allow'; the office and WeChat each count it."""
        template = self.office.tools.settings.wechat_templates[purpose]
        await SubscriptionQuota.create(
            person=person or self.wang,
            template=template,
            credits=count,
            outcome=SubscriptionOutcome.ACCEPT,
            told_on=business_date(self.now),
        )
        await self.fake.grant(openid, template, count)

    async def dispatch(self, title="张三家门口的坑", days=20):
        return await dispatched_item(self.office, by=self.chen, title=title, days=days)

    async def subscribe_message(self, state):
        """Return the only message, once it reaches this state."""

        async def look():
            found = await SubscribeMessage.all()
            return found[0] if len(found) == 1 and found[0].state is state else None

        return await until(look)

    async def credits(self):
        return (await SubscriptionQuota.get(person=self.wang)).credits

    async def put_down(self, count):
        """Wait until the table has this many messages."""

        async def look():
            return await SubscribeMessage.all().count() == count

        await until(look)

    async def waiting(self, due_at, count=1):
        async def look():
            return (
                await SubscribeMessage.filter(state=SubscribeMessageState.WAITING, due_at=due_at).count()
                == count
            )

        await until(look)


@pytest.fixture
async def city(office, fake_wechat):
    return await City(office, fake_wechat).enter()
