"""An item falls behind: its unit is reminded, gets a letter, signs for it and replies, and the ladder stands down."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from models import LedgerItem, Letter, Reminder
from models.vocabulary import LedgerState, ObservationKind, Role
from models.vocabulary import LetterState as S
from server import ledger, letters, reminders
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from tests.acting import act
from tests.factories import dispatched_item

KINDS = letters.kinds_of("yinchuan")


async def test_a_late_item_is_reminded_of_written_about_answered_and_closed(office):
    def at(day, hour=9):
        office.watch.ahead = timedelta()
        office.watch.ahead = datetime.combine(day, time(hour), SHANGHAI) - office.watch.now()
        return office.watch.now()

    async def plan():
        return await reminders.plan_if_due(city_pack="yinchuan", now=office.watch.now())

    at(date(2026, 11, 9))
    wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    lead = await office.phone_of("罗主任", Role.OFFICE_LEAD)
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    kind = ObservationKind.GOOD_PRACTICE
    item = await dispatched_item(
        office, by=chen, commissioner=wang, days=5, kind=kind, now=office.watch.now()
    )
    officer = await office.actor(wang.person)
    await act(ledger.acknowledge, item.id, version=item.version, by=officer, now=office.watch.now())

    at(date(2026, 11, 30))  # ten working days late
    await plan()
    assert await Reminder.filter(subject_id=item.id, person=wang.person, ended_at=None).exists()
    today = business_date(office.watch.now())
    found, _ = await letters.proposals(chen, kinds=KINDS, today=today, calendar=await calendar())
    assert [(one.item.id, one.kind.code) for one in found] == [(item.id, "reminder_letter")]
    desk = await office.desk_of("小高")
    await desk.post("/letters/drafts", {f"item-{item.id}": "reminder_letter"})
    draft = await Letter.get()
    await desk.post("/letters/desk/submissions", {f"letter-{draft.id}": draft.version})

    async def step(phone, noun, **more):
        version = (await phone.get(f"/letters/{draft.id}")).json()["version"]
        key = {"Idempotency-Key": str(uuid4())}
        told = await phone.post(f"/letters/{draft.id}/{noun}", json={"version": version, **more}, headers=key)
        assert told.status_code == 201, told.text
        return told.json()

    assert (await step(lead, "sign-off"))["line"]["document_number"] == "改提〔2026〕1号"
    at(date(2026, 12, 1))
    await plan()
    unread = Reminder.filter(subject_id=draft.id, kind="letter_unsigned", person=wang.person)
    assert (await unread.get()).ended_at is None
    assert (await step(wang, "receipt"))["received_by"] == "王科长"
    assert (await unread.get()).ended_because or (await unread.get()).acknowledged_at
    at(date(2026, 12, 4))
    await plan()
    assert await Reminder.filter(subject_id=draft.id, kind="letter_reply", ended_at=None).exists()
    await step(wang, "replies", text="已全部办结，请核对。")
    assert (await step(lead, "reply-decisions", accepted=True))["line"]["state"] == S.ACCEPTED

    item = await LedgerItem.get(id=item.id)
    now = office.watch.now()
    item = await act(
        ledger.request_close_out, item.id, version=item.version, text="已办结", by=officer, now=now
    )
    by = await office.actor(lead.person)
    item = await act(ledger.decide_close_out, item.id, version=item.version, approved=True, by=by, now=now)
    assert item.state is LedgerState.CLOSED
    at(date(2027, 1, 15))
    await plan()
    assert await Reminder.filter(ended_at=None).count() == 0
    today = business_date(office.watch.now())
    assert await letters.proposals(chen, kinds=KINDS, today=today, calendar=await calendar()) == ([], 0)
