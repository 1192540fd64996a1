"""The API and the console show the same items in every state, to every role: the same actions, light and words."""

import html
import re
from datetime import timedelta

import pytest

from models import CloseOutRequest, LedgerItem
from models.vocabulary import LedgerState, ObservationKind, Role, SessionChannel
from server import journal, ledger
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people.sessions import open_session
from server.web.door.admission import cookie_name
from tests.conftest import Desk
from tests.factories import registered_item

ROLES = [
    Role.OFFICE_STAFF,
    Role.OFFICE_LEAD,
    Role.COMMISSIONER,
    Role.DEPARTMENT_CONTACT,
    Role.LEADING_OFFICIAL,
    Role.AUDITOR,
]
AT_THE_BUREAU = (Role.COMMISSIONER, Role.DEPARTMENT_CONTACT)
NOUNS = {one.code: one.noun for one in ledger.ACTIONS}
OF_THE_DESK = {one.noun for one in ledger.ACTIONS if not one.operation}


class Somebody:
    """One person who is signed in on a phone and at a desk."""

    async def enter(self, office, role):
        where = {"organisation": office.bureau} if role in AT_THE_BUREAU else {}
        self.phone = await office.phone_of(role.label, role, **where)
        self.person = self.phone.person
        token = await open_session(self.person, channel=SessionChannel.CONSOLE, now=office.watch.now())
        self.desk = Desk(office.client(cookies={cookie_name(office.tools): token}), self.person)
        return self

    async def on_the_phone(self, item):
        answer = await self.phone.get(f"/ledger-items/{item.id}")
        if answer.status_code != 200:
            return answer.status_code
        card = answer.json()
        told = [
            (one["words"], one["at"][:10] if one["day_only"] else one["at"][:19]) for one in card["timeline"]
        ]
        return {NOUNS[code] for code in card["open_deeds"]}, card["light"], card["light_words"], told

    async def at_the_desk(self, item):
        answer = await self.desk.get(f"/ledger/{item.id}")
        if answer.status_code != 200:
            return answer.status_code
        page = html.unescape(answer.text)
        offered = set(re.findall(r'data-deed="([a-z-]+)"', page)) - OF_THE_DESK
        light, because = re.search(r'light-words"><i class="dot dot-(\w+)"></i>([^<]*)<', page).groups()
        told = re.findall(r'<li><time datetime="([^"]+)"[^>]*>[^<]*</time><span>([^<]*)</span>', page)
        return offered, light, because, [(words, at[:19]) for at, words in told]


@unit_of_work
async def seen_again(item, answer):
    """Record a reporter's answer in the journal; the item itself stays as it is."""
    await journal.record(f"ledger_item.recheck_{answer}", item, by=None)


@pytest.fixture
async def everybody(office):
    """A person of every role, on a day whose third working day from now is the last before days off."""
    await office.stop_working()
    known = await calendar()
    while known.due(today := business_date(office.watch.now()), 4).on == known.due(today, 3).on + timedelta(
        days=1
    ):
        office.watch.ahead += timedelta(days=1)
    return {role: await Somebody().enter(office, role) for role in ROLES}


@pytest.mark.parametrize("twist", ["", "hidden child", "due on a day off", "overdue", "seen again"])
async def test_both_counters_say_and_offer_the_same(office, everybody, twist):
    today, chen = business_date(office.watch.now()), everybody[Role.OFFICE_STAFF].person
    other = await registered_item(office, by=chen, title="并入的一件")
    for state in LedgerState:
        beside = {
            LedgerState.RETAINED: {"retention_note": "等规划", "next_review_on": today},
            LedgerState.MERGED: {"merged_into_id": other.id},
        }.get(state, {})
        item = await registered_item(
            office,
            by=chen,
            kind=ObservationKind.GOOD_PRACTICE,  # needs no evidence, which only phones can send
            state=state,
            lead_unit_id=office.bureau.id,
            commissioner_id=everybody[Role.COMMISSIONER].person.id,
            due_on=today + timedelta(days=40),
            dispatched_at=office.watch.now(),
            **beside,
        )
        if state is LedgerState.CLOSING:
            await CloseOutRequest.create(
                item=item, asked_by=chen, text="好了", state="asked", round=1, asked_at=office.watch.now()
            )
        if twist == "hidden child":
            await registered_item(office, by=chen, title="拆分出的", parent_id=item.id)
        if twist == "due on a day off":
            await LedgerItem.filter(id=item.id).update(due_on=await a_day_off(today))
        if twist == "overdue":
            await LedgerItem.filter(id=item.id).update(due_on=today - timedelta(days=1))
        if twist == "seen again":
            await seen_again(item, "unsolved")
        for role, one in everybody.items():
            phone, desk = await one.on_the_phone(item), await one.at_the_desk(item)
            assert (twist, state, role, phone) == (twist, state, role, desk)


async def a_day_off(today):
    """Return the first day off after three working days."""
    return (await calendar()).due(today, 3).on + timedelta(days=1)


async def test_a_hidden_child_keeps_its_parent_open_at_both_counters(office, everybody):
    wang = everybody[Role.COMMISSIONER]
    bureau = {"lead_unit_id": office.bureau.id, "commissioner_id": wang.person.id}
    kind = {"kind": ObservationKind.GOOD_PRACTICE, "state": LedgerState.IN_PROGRESS}
    item = await registered_item(office, by=wang, **kind, **bureau)
    (before, *_), (at_desk, *_) = await wang.on_the_phone(item), await wang.at_the_desk(item)
    assert "close-out-requests" in before & at_desk

    child = await registered_item(office, by=wang, title="拆分出的", parent_id=item.id)

    assert (await wang.at_the_desk(child), await wang.on_the_phone(child)) == (404, 404)
    page = (await wang.desk.get(f"/ledger/{item.id}")).text
    assert "close-out-requests" not in page
    assert "拆分出的事项还没有全部销号，现在不能申请销号。" in page
    (offered, *_) = await wang.on_the_phone(item)
    assert "close-out-requests" not in offered


@pytest.mark.parametrize(("days", "is_soon"), [(-1, False), (0, True), (None, True), (1, False)])
async def test_what_shines_blue_is_counted_as_due_soon(office, everybody, days, is_soon):
    """At the boundaries: yesterday, today, a day off before the fourth working day, and that day."""
    wang, today, known = everybody[Role.COMMISSIONER], business_date(office.watch.now()), await calendar()
    fourth = known.due(today, 4).on
    due_on = {-1: today - timedelta(days=1), 0: today, None: fourth - timedelta(days=1), 1: fourth}[days]
    item = await registered_item(
        office,
        by=wang,
        state=LedgerState.IN_PROGRESS,
        lead_unit_id=office.bureau.id,
        commissioner_id=wang.person.id,
        due_on=due_on,
    )
    told = (await wang.phone.get("/to-do")).json()
    assert (told["items"][0]["light"] == "blue") is is_soon
    assert ("1件三个工作日内到期" in told["words"]) is is_soon
    assert (await wang.on_the_phone(item))[1] == told["items"][0]["light"]
