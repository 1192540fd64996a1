"""An item that is late, and the people who draft, sign and answer letters about it."""

from datetime import timedelta

import pytest

from models.vocabulary import Role
from server import letters
from server.letters.commands import AtVersion, Draft, Reply, Verdict, WithReason
from tests.factories import dispatched_item
from tests.server.web.console.conftest import a_task

__all__ = ["a_task"]

MONTH, LONG = timedelta(days=30), timedelta(days=60)
KINDS = letters.kinds_of("yinchuan")


class Desk:
    """The office with 小陈 who drafts, 罗主任 who signs, and 王科长 who answers for the bureau's late item."""

    def __init__(self, office):
        self.office = office

    async def open(self):
        office = self.office
        office.watch.ahead = -LONG  # they have long been here
        self.chen = await office.actor(await office.enrol("小陈甲", Role.OFFICE_STAFF))
        self.luo = await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))
        self.wang = await office.actor(
            await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
        )
        office.watch.ahead = timedelta()
        self.item = await self.late_item()
        return self

    @property
    def now(self):
        return self.office.watch.now()

    async def late_item(self, **item):
        """Return an item of the bureau that was dispatched a month ago, for five working days."""
        then = self.now - MONTH
        return await dispatched_item(
            self.office, by=self.luo, commissioner=self.wang.person, days=5, now=then, **item
        )

    async def draft(self, kind="reminder_letter", *, item=None, by=None, reason=""):
        command = Draft(kind=kind, reason=reason)
        item = item or self.item
        return await letters.draft(item.id, command, by=by or self.chen, now=self.now, kinds=KINDS)

    async def submitted(self, kind="reminder_letter", **how):
        letter = await self.draft(kind, **how)
        return await letters.submit(
            letter.id, AtVersion(version=letter.version), by=self.chen, now=self.now, kinds=KINDS
        )

    async def sign(self, letter, *, by=None):
        command = AtVersion(version=letter.version)
        return await letters.sign_off(letter.id, command, by=by or self.luo, now=self.now, kinds=KINDS)

    async def signed(self, kind="reminder_letter", **how):
        return await self.sign(await self.submitted(kind, **how))

    async def acknowledge(self, letter, *, by=None):
        command = AtVersion(version=letter.version)
        return await letters.acknowledge(letter.id, command, by=by or self.wang, now=self.now, kinds=KINDS)

    async def reply(self, letter, text="已清淤并复查", *, by=None):
        command = Reply(version=letter.version, text=text)
        return (await letters.reply(letter.id, command, by=by or self.wang, now=self.now, kinds=KINDS)).letter

    async def replied(self, **how):
        return await self.reply(await self.acknowledge(await self.signed(**how)))

    async def decide(self, letter, *, accepted, words=""):
        command = Verdict(version=letter.version, accepted=accepted, words=words)
        return await letters.decide_reply(letter.id, command, by=self.chen, now=self.now, kinds=KINDS)

    async def void(self, letter, reason="文字有误"):
        command = WithReason(version=letter.version, reason=reason)
        return await letters.void(letter.id, command, by=self.chen, now=self.now, kinds=KINDS)


@pytest.fixture
async def desk(office):
    return await Desk(office).open()
