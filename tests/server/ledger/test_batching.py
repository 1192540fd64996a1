"""A batch is previewed without a trace and done for all or none; a reminder reaches the responsible person."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import InboxMessage, JournalEntry, LedgerItem
from models.vocabulary import LedgerState, OrganisationKind, Role
from server import ledger, people
from server.kernel.clock import business_date
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger import Row
from server.ledger.batching import BatchRefused, NothingChosen, NotToFind, Order
from server.ledger.refusals import DateNotAhead
from tests.acting import act
from tests.conftest import until
from tests.factories import dispatched_item, registered_item


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))


async def items(office, by, *states):
    now, found = office.watch.now(), []
    for state in states:
        item = await registered_item(office, by=by, now=now)
        if state is not LedgerState.REGISTERED:
            item.lead_unit_id, item.due_on = office.bureau.id, business_date(now) + timedelta(days=9)
        item.state = state
        await item.save()
        found.append(item)
    return found


def rows(found):
    return [Row(item.id, item.version) for item in found]


async def written():
    return (
        await JournalEntry.all().count(),
        await LedgerItem.all().order_by("id").values("id", "state", "version", "due_on", "lead_unit_id"),
    )


R, D, P = LedgerState.REGISTERED, LedgerState.DISPATCHED, LedgerState.IN_PROGRESS


async def test_a_rehearsal_tells_each_item_s_fate_and_leaves_no_trace(office, chen):
    found = await items(office, chen, R, D, R)
    before = await written()
    order = Order("dispatch", {"unit_id": office.bureau.id, "days": 5})

    outcomes = await ledger.preview(rows(found), order, by=chen, now=office.watch.now())

    assert [one.before.id for one in outcomes] == [item.id for item in found]
    fates = [one.after.state if one.after else type(one.refusal) for one in outcomes]
    assert fates == [D, WrongStep, D]
    assert outcomes[0].after.due_days == 5
    assert outcomes[0].before.state is R
    assert await written() == before


async def test_what_was_rehearsed_is_what_is_done(office, chen):
    found = await items(office, chen, R, R, R)
    order, now = (
        Order("dispatch", {"unit_id": office.bureau.id, "days": 5, "words": "请尽快"}),
        office.watch.now(),
    )
    foretold = await ledger.preview(rows(found), order, by=chen, now=now)
    done = await ledger.do_all(rows(found), order, by=chen, now=now)
    assert [(one.after.id, one.after.state, one.after.due_on) for one in foretold] == [
        (item.id, item.state, item.due_on) for item in done
    ]


async def test_one_refusal_and_nothing_is_written(office, chen):
    found = await items(office, chen, R, R, D)
    before = await written()
    with pytest.raises(BatchRefused):
        await ledger.do_all(
            rows(found), Order("dispatch", {"unit_id": office.bureau.id}), by=chen, now=office.watch.now()
        )
    assert await written() == before


async def test_somebody_was_faster_with_one_of_them_and_nothing_is_written(office, chen):
    found = await items(office, chen, P, P)
    stale = rows(found)
    await act(ledger.remind, found[1].id, version=found[1].version, words="请抓紧", by=chen)
    before = await written()
    (_, late) = await ledger.preview(
        stale, Order("remind", {"words": "再催一次"}), by=chen, now=office.watch.now()
    )
    assert isinstance(late.refusal, StaleItem)
    with pytest.raises(BatchRefused):
        await ledger.do_all(stale, Order("remind", {"words": "再催一次"}), by=chen, now=office.watch.now())
    assert await written() == before


async def test_a_batch_goes_to_another_unit_with_each_deadline_kept(office, chen):
    traffic = await people.add_organisation(
        "市交通运输局", code="traffic", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    found = await items(office, chen, P, P)
    done = await ledger.do_all(
        rows(found),
        Order("transfer", {"unit_id": traffic.id, "reason": "职责调整"}),
        by=chen,
        now=office.watch.now(),
    )
    assert {(item.lead_unit_id, item.due_on) for item in done} == {(traffic.id, found[0].due_on)}


async def test_items_of_another_office_and_missing_ones_are_told_alike_and_stop_the_batch(office, chen):
    county = await people.add_organisation(
        "兴庆区委改革办", code="xq", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    ding = await office.actor(await office.enrol("小丁", Role.OFFICE_STAFF, organisation=county))
    mine = await dispatched_item(office, by=ding, root=await county_with_series(county))
    (theirs,) = await items(office, chen, P)
    before, now = await written(), office.watch.now()
    for lost in (Row(theirs.id, theirs.version), Row(uuid4(), theirs.version)):
        good, bad = await ledger.preview(
            [lost, *rows([mine])], Order("remind", {"words": "请抓紧"}), by=ding, now=now
        )
        assert (good.item_id, good.refusal) == (mine.id, None)
        assert (bad.item_id, bad.before, bad.after, type(bad.refusal)) == (
            lost.item_id,
            None,
            None,
            NotToFind,
        )
        with pytest.raises(BatchRefused) as refused:
            await ledger.do_all([*rows([mine]), lost], Order("remind", {"words": "请抓紧"}), by=ding, now=now)
        assert refused.value.extra["because"] == "no_such_thing"
    assert await written() == before


async def county_with_series(county):
    county.series = "兴"
    await county.save()
    return county


async def test_none_and_too_many_are_refused(office, chen):
    (one,) = await items(office, chen, P)
    for chosen in ([], rows([one]) * 51):
        with pytest.raises(NothingChosen):
            await ledger.preview(
                chosen, Order("remind", {"words": "请抓紧"}), by=chen, now=office.watch.now()
            )


async def test_a_reminder_and_a_later_deadline_reach_who_answers_for_it(office, chen):
    wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    found = await items(office, chen, P, D)
    await LedgerItem.filter(id__in=[one.id for one in found]).update(commissioner_id=wang.id)
    later, now = found[0].due_on + timedelta(days=7), office.watch.now()
    await ledger.do_all(rows(found), Order("remind", {"words": "请本周填报"}), by=chen, now=now)
    found = await LedgerItem.all().order_by("number")
    await ledger.do_all(
        rows(found), Order("postpone", {"until_on": later, "reason": "汛期停工"}), by=chen, now=now
    )

    async def told():
        found = await InboxMessage.filter(person_id=wang.id).values_list("title", "body")
        return found if len(found) == 4 else None

    messages = await until(told)
    assert {title for title, _ in messages} == {"改革办催办", "办理期限已延后"}
    assert any("请本周填报" in body for _, body in messages)
    assert {item.due_on for item in await LedgerItem.all()} == {later}


async def test_a_deadline_is_only_ever_moved_ahead_and_only_where_a_unit_works(office, chen):
    (running, registered) = await items(office, chen, P, R)
    for days in (-1, 0, 9):
        with pytest.raises(DateNotAhead):
            await act(
                ledger.postpone,
                running.id,
                version=running.version,
                until_on=business_date(office.watch.now()) + timedelta(days=days),
                reason="试试",
                by=chen,
                now=office.watch.now(),
            )
    with pytest.raises(WrongStep):
        await act(ledger.remind, registered.id, version=registered.version, words="请抓紧", by=chen)
