"""The actions a page offers are exactly those that are not refused for their step or their actor."""

from datetime import timedelta

import pytest
from tortoise.transactions import in_transaction

from models import CloseOutRequest, Extension, LedgerItem, RetentionRequest
from models.vocabulary import (
    EvidenceKind,
    LedgerState,
    ObservationKind,
    OrganisationKind,
    RequestState,
    Role,
)
from server import ledger, people
from server.kernel.clock import business_date
from server.kernel.state_machine import WrongStep
from server.ledger import EvidencePhoto, NewItem
from server.ledger.refusals import AskerMayNotDecide, OpenChildren
from server.people import NotAllowed
from tests.acting import act
from tests.conftest import sha256
from tests.factories import registered_item

NO = (WrongStep, NotAllowed, AskerMayNotDecide, OpenChildren)


class Undone(Exception):
    """The action succeeded; it is rolled back."""


def fields_of(office, action, *, other, today):
    """Return everything an action needs besides its version."""
    now, day = office.watch.now(), today + timedelta(days=30)
    after = EvidencePhoto(sha256(b"after"), 5, EvidenceKind.AFTER)
    fields = {
        "dispatch": {"unit_id": office.bureau.id},
        "transfer": {"unit_id": office.bureau.id, "reason": "调整"},
        "remind": {"words": "请抓紧"},
        "postpone": {"until_on": day, "reason": "汛期"},
        "close_out": {"approved": True},
        "reject": {"approved": False, "reply": "再补"},
        "decide_extension": {"approved": True},
        "decide_retention": {"approved": True},
        "retain": {"note": "长期", "next_review_on": day},
        "resume": {"reason": "继续"},
        "merge": {"into": other.id, "reason": "同一件"},
        "link": {"to": other.id, "reason": "同一段路"},
        "split": {"titles": ["其一", "其二"]},
        "amend": {"to": NewItem("改了标题", ObservationKind.PROBLEM, lead_unit_id=office.bureau.id)},
        "void": {"reason": "误挂"},
        "re_register": {"reason": "没解决"},
        "return_back": {"reason": "不属于"},
        "report_progress": {"percent": 50, "text": "一半", "next_step": "下周完工"},
        "ask_extension": {"until_on": day, "reason": "雨季"},
        "ask_retention": {"reason": "跨年", "review_on": day},
        "request_close_out": {"text": "好了", "evidence": [after]},
    }
    return {"now": now} | fields.get(action.code, {})


async def an_item(office, by, wang, *, state, today, into=None):
    """Return an item in a state, as the earlier actions would have left it."""
    item = await registered_item(office, by=by)
    item.state, item.lead_unit_id = state, office.bureau.id
    item.commissioner_id, item.due_on = wang.person.id, today + timedelta(days=9)
    if state is LedgerState.RETAINED:
        item.retention_note, item.next_review_on = "等规划", today
    if state is LedgerState.MERGED:
        item.merged_into_id = into.id
    if state is LedgerState.CLOSING:
        item.state_before, item.asked_by_id = LedgerState.IN_PROGRESS, wang.person.id
        await CloseOutRequest.create(
            item=item, round=1, asked_by=wang.person, text="好了", state="asked", asked_at=office.watch.now()
        )
    await item.save()
    return item


@pytest.mark.parametrize("twist", ["", "extension asked", "child open", "overdue", "by the asker"])
async def test_what_is_offered_is_what_is_not_refused(office, twist):
    await office.stop_working()
    today = business_date(office.watch.now())
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    wang = await office.actor(await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau))
    zheng = await office.actor(await office.enrol("老郑", Role.AUDITOR))
    other = await an_item(office, chen, wang, state=LedgerState.REGISTERED, today=today)
    for state in LedgerState:
        item = await an_item(office, chen, wang, state=state, today=today, into=other)
        asker = chen if twist == "by the asker" else wang
        if twist in ("extension asked", "by the asker"):
            ask = {"reason": "雨季", "until_on": today + timedelta(days=20), "asked_at": office.watch.now()}
            await Extension.create(item=item, asked_by=asker.person, state=RequestState.ASKED, **ask)
            await CloseOutRequest.filter(item_id=item.id).update(asked_by_id=asker.person.id)
            ask = {"reason": "跨年", "review_on": today + timedelta(days=90), "asked_at": office.watch.now()}
            await RetentionRequest.create(item=item, asked_by=asker.person, state=RequestState.ASKED, **ask)
        if twist == "child open":
            child = await an_item(office, chen, wang, state=LedgerState.REGISTERED, today=today)
            await LedgerItem.filter(id=child.id).update(parent_id=item.id)
        if twist == "overdue":
            await LedgerItem.filter(id=item.id).update(due_on=today - timedelta(days=1))
        item = await LedgerItem.get(id=item.id)
        for actor in (chen, wang, zheng):
            offered = ledger.actions_open_to(
                actor,
                item,
                permissions=await ledger.permissions_reaching(actor, item),
                pending=await ledger.pending_of(item),
                has_open_children=twist == "child open",
                today=today,
            )
            for action in ledger.ACTIONS:
                how = fields_of(office, action, other=other, today=today)
                told = (twist, state.value, actor.person.designation, action.code)
                assert (*told, await goes_through(action, item, actor, how)) == (
                    *told,
                    action.code in offered,
                )


async def goes_through(action, item, actor, how):
    try:
        async with in_transaction():
            await act(action.verb, item.id, version=item.version, by=actor, **how)
            raise Undone
    except Undone:
        return True
    except (*NO, ledger.refusals.ExtensionTooLate):
        return False


async def test_an_office_that_sees_anothers_item_is_offered_no_decision_on_it(office):
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )
    today = business_date(office.watch.now())
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    tian = await office.actor(await office.enrol("小田", Role.OFFICE_STAFF, organisation=county))
    wang = await office.actor(await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau))
    item = await an_item(office, chen, wang, state=LedgerState.CLOSING, today=today)
    seen = await ledger.item_seen_by(tian, item.id)
    pending = await ledger.pending_of(seen)
    offered = {
        actor.person.designation: ledger.actions_open_to(
            actor,
            seen,
            permissions=await ledger.permissions_reaching(actor, seen),
            pending=pending,
            has_open_children=False,
            today=today,
        )
        for actor in (chen, tian)
    }
    assert offered == {"小陈": ["close_out", "reject", "merge", "link", "amend"], "小田": []}
