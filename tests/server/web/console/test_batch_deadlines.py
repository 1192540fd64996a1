"""Dispatching a batch keeps each item's unit and deadline; another deadline is shown, reasoned and journalled."""

import re
from datetime import timedelta

import pytest

from models import JournalEntry, LedgerItem
from models.vocabulary import LedgerState, Light, OrganisationKind
from server import ledger, people
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger.batching import Order
from server.ledger.refusals import DeadlineNeedsReason
from server.notifications import inbox
from tests.acting import act
from tests.factories import registered_item

BOXES = re.compile(r'name="((?:item|unit|due)-[0-9a-f-]{36})"[^>]*? value="([^"]*)"')


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def traffic(office):
    return await people.add_organisation(
        "市交通运输局", code="traffic", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )


@pytest.fixture
async def overdue(office, chen):
    """An item given back by its unit, three days late."""
    return await registered(office, chen, due_on=business_date(office.watch.now()) - timedelta(days=3))


@pytest.fixture
async def fresh(office, chen, traffic):
    """An item proposed for the traffic bureau, without a deadline yet."""
    return await registered(office, chen, lead_unit_id=traffic.id)


async def registered(office, by, **facts):
    due = {"due_words": "原定期限"} if "due_on" in facts else {}
    return await registered_item(office, by=by, **facts, **due)


async def chosen(desk, *items):
    boxes = {f"item-{one.id}": str(one.version) for one in items}
    page = (await desk.get("/ledger/batches", params={"deed": "dispatch"} | boxes)).text
    return dict(BOXES.findall(page))


async def previewed(desk, form):
    return (await desk.post("/ledger/batches/previews", {"deed": "dispatch"} | form, part=True)).text


async def confirmed(desk, page):
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answer = await desk.post("/ledger/batches/confirmations", {"token": token}, part=True)
    assert answer.status_code == 200, answer.text


async def test_every_row_begins_with_what_its_item_has(office, chen, overdue, fresh):
    form = await chosen(chen, overdue, fresh)
    assert (form[f"unit-{overdue.id}"], form[f"due-{overdue.id}"]) == ("", overdue.due_on.isoformat())
    assert (form[f"unit-{fresh.id}"], form[f"due-{fresh.id}"]) == ("市交通运输局", "")


async def test_each_goes_to_its_own_unit_and_an_overdue_one_stays_red(office, chen, overdue, fresh, traffic):
    form = await chosen(chen, overdue, fresh) | {f"unit-{overdue.id}": "市住建局"}
    page = await previewed(chen, form)
    assert "2条都可以分办。" in page
    assert "期限不变" in page
    assert "is-changed" not in page
    await confirmed(chen, page)

    today, known = business_date(office.watch.now()), await calendar()
    late, new = await LedgerItem.get(id=overdue.id), await LedgerItem.get(id=fresh.id)
    assert (late.lead_unit_id, late.due_on) == (office.bureau.id, overdue.due_on)
    assert ledger.light_of(late, today=today, calendar=known).light is Light.RED
    assert (new.lead_unit_id, new.due_days) == (traffic.id, 15)


async def test_another_deadline_is_shown_asks_a_reason_and_is_journalled(office, chen, overdue, fresh):
    day = business_date(office.watch.now()) + timedelta(days=20)
    form = await chosen(chen, overdue, fresh) | {f"unit-{overdue.id}": "市住建局", "due_on": day.isoformat()}
    page = await previewed(chen, form)
    assert "有1条不能分办" in page
    assert "这件事已经有办理期限，改动期限要写明理由。" in page

    page = await previewed(chen, form | {"reason": "职责重新划分"})
    assert page.count('class="is-changed"') == 1
    assert f"<del>{overdue.due_on}</del>" in page
    assert f"<ins>{day}</ins>" in page
    assert "1条的期限有改动" in page
    await confirmed(chen, page)

    entry = await JournalEntry.get(event="ledger_item.dispatched", subject_id=overdue.id)
    assert entry.detail["moved"] == "（原来原定期限；改期理由：职责重新划分）"
    assert "改期理由：职责重新划分" in inbox.timeline_words(entry.event, entry.detail)
    other = await JournalEntry.get(event="ledger_item.dispatched", subject_id=fresh.id)
    assert "moved" not in other.detail
    assert {item.due_on for item in await LedgerItem.all()} == {day}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("unit", "没有的单位", "系统里没有名为“没有的单位”的单位。"),
        ("unit", "", "这一件还没有选承办单位。"),
        ("due", "2026-02-30", "这一行的日期看不懂。"),
        ("due", "2020-01-01", "日期要晚于今天。"),
    ],
)
async def test_what_is_wrong_in_a_row_is_told_in_that_row(chen, fresh, traffic, office, field, typed, said):
    good = await registered(office, chen, lead_unit_id=traffic.id)
    page = await previewed(chen, await chosen(chen, good, fresh) | {f"{field}-{fresh.id}": typed})
    rows = [row for row in page.split("<tr") if "data-label" in row]
    assert [said in row for row in rows] == [f"/ledger/{fresh.id}" in row for row in rows]
    assert "有1条不能分办" in page


async def test_who_leaves_out_a_row_keeps_what_was_typed_into_the_others(chen, fresh, overdue):
    form = await chosen(chen, overdue, fresh) | {f"unit-{fresh.id}": "市住建局"}
    rest = re.search(r"<div><strong>有1条.*?</form>", await previewed(chen, form), re.DOTALL)[0]
    kept = dict(BOXES.findall(rest))
    assert kept == {
        f"item-{fresh.id}": str(fresh.version),
        f"unit-{fresh.id}": "市住建局",
        f"due-{fresh.id}": "",
    }


async def test_fifty_rows_with_their_fields_are_not_too_many(office, chen, traffic):
    items = [await registered(office, chen, lead_unit_id=traffic.id) for _ in range(50)]
    page = await previewed(chen, await chosen(chen, *items))
    assert "50条都可以分办。" in page
    await confirmed(chen, page)
    assert await LedgerItem.filter(state=LedgerState.DISPATCHED).count() == 50


async def test_the_verb_itself_refuses_another_deadline_without_a_reason(office, chen, overdue):
    actor, now = await office.actor(chen.person), office.watch.now()
    who = {"version": overdue.version, "unit_id": office.bureau.id, "by": actor, "now": now}
    with pytest.raises(DeadlineNeedsReason):
        await act(ledger.dispatch, overdue.id, days=15, **who)
    order = Order("dispatch", {}, {overdue.id: {"unit_id": office.bureau.id, "due_on": overdue.due_on}})
    (same,) = await ledger.do_all([ledger.Row(overdue.id, overdue.version)], order, by=actor, now=now)
    assert same.due_on == overdue.due_on


async def test_the_item_s_own_form_begins_with_its_deadline_too(office, chen, overdue):
    page = (await chen.get(f"/ledger/{overdue.id}")).text
    assert f'id="dispatches-due_on" name="due_on" value="{overdue.due_on}"' in page
    assert 'name="days" min="1" max="250" value=""' in page
    had = {"had": overdue.due_on.isoformat(), "due_on": overdue.due_on.isoformat()}
    assert "沿用原来的期限" in (await chen.get("/ledger/deadline", params=had)).text
    assert "期限改为：5个工作日" in (await chen.get("/ledger/deadline", params=had | {"days": "5"})).text
    form = had | {"version": overdue.version, "unit": "市住建局"}
    refused = await chen.post(f"/ledger/{overdue.id}/dispatches", form | {"days": "5"}, part=True)
    assert "改动期限要写明理由" in refused.text
    await chen.post(f"/ledger/{overdue.id}/dispatches", form, part=True)
    found = await LedgerItem.get(id=overdue.id)
    assert (found.state, found.due_on) == (LedgerState.DISPATCHED, overdue.due_on)
